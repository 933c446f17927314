import { z } from "zod";
import { formatDuration, parseDuration } from "../base/duration.ts";

/** Digits and units in the order that `parseDuration` takes; for editors, which cannot run it. */
const DURATION_PATTERN = String.raw`^(?:0|(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)$`;

/** A duration as Prometheus writes it, in milliseconds: at least `leastMs`, or 0 where that turns something off. */
export function duration(leastMs: number, { zeroIsOff = false } = {}) {
  const error = "expected a duration such as 30s or 5m";
  return z
    .string({ error })
    .meta({ pattern: DURATION_PATTERN })
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined && (ms >= leastMs || (zeroIsOff && ms === 0))) return ms;
      const least = `at least ${formatDuration(leastMs)}`;
      const message =
        ms === undefined ? error : `expected ${zeroIsOff ? `${least}, or 0 to turn it off` : least}`;
      context.addIssue({ code: "custom", message, input: text });
      return z.NEVER;
    });
}

export function wholeNumber(least: number, most: number) {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** Text without control characters and broken UTF-16, of 1 to `most` UTF-16 code units. */
export function plainText(most: number) {
  const error = `expected text of 1 to ${most} characters without control characters`;
  return z
    .string({ error })
    .min(1, { error })
    .max(most, { error })
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), { error });
}

/** A mapping that may be left out or empty (`poll:` with nothing but comments under it); then it is all defaults. */
export function section<Input, Output>(schema: z.ZodType<Output, Input>) {
  return z
    .nullable(schema)
    .prefault({} as Input & {})
    .transform((value): Output | Promise<Output> => value ?? schema.parseAsync({}));
}

/** A list that may be left out or empty (`groups:` with nothing but comments under it); then it has no items. */
export function list<Input, Item>(schema: z.ZodType<readonly Item[], readonly Input[]>) {
  return z
    .nullable(schema)
    .prefault([])
    .transform((items): readonly Item[] => items ?? []);
}

/** A name that the user gives to what the exporter shows: fit for a path, since it holds no slash. */
export function ownName() {
  const error =
    "expected a name of letters, digits, dots, underscores and dashes, with a letter or digit first";
  return z.string({ error }).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error });
}

/** Whether the URL's host is this machine. */
function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** The API's root without a slash at its end. Whoever answers there gets the tokens, hence https. */
export function baseUrl() {
  return z
    .string({ error: "expected a URL such as https://api.cloudflare.com/client/v4" })
    .transform((text, context) => {
      const url = URL.parse(text);
      const message = urlFault(url);
      if (message !== undefined) context.addIssue({ code: "custom", message, input: text });
      return url === null ? text : `${url.origin}${url.pathname}`.replace(/\/+$/, "");
    });
}

function urlFault(url: URL | null): string | undefined {
  if (url === null) return "expected a URL such as https://api.cloudflare.com/client/v4";
  if (url.username !== "" || url.password !== "") return "expected a URL without user name and password";
  if (url.search !== "" || url.hash !== "") return "expected a URL without query and fragment";
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))) return undefined;
  return "expected https, or http on a loopback address";
}

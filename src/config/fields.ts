import { z } from "zod";
import { holdsCredential } from "../base/credential-shape.ts";
import { formatDuration, guessDuration, parseDuration } from "../base/duration.ts";

/** Digits and units in the order that `parseDuration` takes; for editors, which cannot run it. */
export const DURATION_PATTERN = String.raw`^(?:0|(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)$`;

/** A duration as Prometheus writes it, in milliseconds: at least `leastMs`, or 0 where that turns something off. */
export function duration(leastMs: number, { zeroIsOff = false } = {}) {
  const error = "expected a duration such as 30s or 5m";
  return z.codec(z.string({ error }).meta({ pattern: DURATION_PATTERN }), z.number(), {
    decode(text, context) {
      const ms = parseDuration(text);
      if (ms !== undefined && (ms >= leastMs || (zeroIsOff && ms === 0))) return ms;
      const least = `at least ${formatDuration(leastMs)}`;
      const guess = guessDuration(text);
      const none =
        zeroIsOff && /^(?:off|no|none|never|false|disabled)$/i.test(text) ? "; 0 turns it off" : "";
      const hint = guess === undefined ? none : `; did you mean ${guess}?`;
      const message =
        ms === undefined
          ? `${error}${hint}`
          : `expected ${zeroIsOff ? `${least}, or 0 to turn it off` : least}`;
      context.issues.push({ code: "custom", message, input: text });
      return z.NEVER;
    },
    encode: formatDuration,
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
  return z.codec(z.nullable(schema).prefault({} as Input & {}), z.custom<Output>(), {
    decode: (value): Output | Promise<Output> => value ?? schema.parseAsync({}),
    encode: (value) => value,
  });
}

/** A list that may be left out or empty (`groups:` with nothing but comments under it); then it has no items. */
export function list<Input, Item>(schema: z.ZodType<readonly Item[], readonly Input[]>) {
  return z.codec(z.nullable(schema).prefault([]), z.custom<readonly Item[]>(), {
    decode: (items) => items ?? [],
    encode: (items) => items,
  });
}

const OWN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Whether `ownName` takes it. */
export function isOwnName(name: string): boolean {
  return OWN_NAME.test(name);
}

/** A name that the user gives to what the exporter shows: fit for a path, since it holds no slash. */
export function ownName() {
  const error =
    "expected a name of letters, digits, dots, underscores and dashes, with a letter or digit first";
  return z
    .string({ error })
    .regex(OWN_NAME, { error })
    .refine((name) => !holdsCredential(name), { error: `${error}, not a credential` });
}

import { z } from "zod";

// The shapes of Cloudflare's API (schemas `nsc_*`), as loose as they can be without guessing: fields get
// added without notice, so only what is used is named, and what is optional may also be wrong.

/** `nsc_StatusInfo`. Any word may be a state, and any value a reason: one that is no string is told as its JSON. */
export const statusShape = z.object({
  state: z.string(),
  reason: z.unknown().optional().transform(describeReason),
});

function describeReason(reason: unknown): string | undefined {
  if (reason === undefined || reason === null) return undefined;
  if (typeof reason === "string") return reason;
  try {
    return JSON.stringify(reason);
  } catch {
    // Deeper than the stack.
    return Array.isArray(reason) ? "[…]" : "{…}";
  }
}

/** A field that only informs: absent, null and of a wrong type are all the same to us. */
const information = z.string().catch("");

/**
 * What is used of `nsc_Interconnect`, of both variants: physical ones have no `region`, those of a cloud partner no
 * `site`, `slot_id` and `facility`. Only the name has to be there: the rest has been added to twice in 2026 alone.
 */
export const interconnectShape = z.object({
  name: z.string().min(1),
  type: information,
  site: information,
  facility: z.object({ name: information }).catch({ name: "" }),
  speed: information,
  ccr_device_name: information,
  region: information,
  slot_id: information,
});

/**
 * `nsc_InterconnectList`. Without items, a language may write null for the empty list. An int32 today, `next` may become a
 * text; anything else would end the list unseen.
 */
export const listShape = z.object({
  items: z
    .array(z.unknown())
    .nullable()
    .transform((items) => items ?? []),
  next: z.union([z.number(), z.string()]).nullish(),
});

/** The answer of both `tokens/verify`, out of its envelope. */
export const tokenShape = z.object({
  status: z.string(),
  expires_on: z.string().nullish().catch(undefined),
});

/** One entry of `errors` or of an `error_chain`; either part may be missing. */
export interface WireError {
  readonly code: number | undefined;
  readonly message: string;
}

const errorShape = z.object({
  code: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
    .optional()
    .catch(undefined),
  message: z.string().catch(""),
  error_chain: z.array(z.unknown()).catch([]),
});

const errorsShape = z.object({ errors: z.array(z.unknown()) });

/** More errors than these say nothing more, and an answer is not ours to trust. */
const MAX_ERRORS = 10;

/** What a body says of its own `success`, true or false in the API's own form; undefined when it has none. */
export function successIn(body: unknown): unknown {
  return isObject(body) && "success" in body ? body.success : undefined;
}

/** The `result` of an enveloped body, and any other body as it is: `cni/*` answers raw today, most of the API does not. */
export function unwrap(body: unknown): unknown {
  return isObject(body) && successIn(body) === true && "result" in body ? body.result : body;
}

/** The errors of an envelope, each followed by its chain; empty for anything that is none. */
export function readErrors(body: unknown): readonly WireError[] {
  const envelope = errorsShape.safeParse(body);
  if (!envelope.success) return [];
  return envelope.data.errors.slice(0, MAX_ERRORS).flatMap(readError).slice(0, MAX_ERRORS);
}

function readError(value: unknown): WireError[] {
  const error = errorShape.safeParse(value);
  if (!error.success) return [];
  const { code, message, error_chain: chain } = error.data;
  const links = chain.slice(0, MAX_ERRORS).flatMap((link) => {
    const { success, data } = errorShape.safeParse(link);
    return success ? [{ code: data.code, message: data.message }] : [];
  });
  return [{ code, message }, ...links].filter((entry) => entry.code !== undefined || entry.message !== "");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

import type { Delivery } from "./answer.ts";
import { type Occasion, occasionOf } from "./occasion.ts";
import { numberIn, sentinel } from "./sentinel.ts";

export type BodyShape =
  | "truncated"
  | "html"
  | "empty"
  | "huge"
  | "array"
  | "no-state"
  | "enveloped"
  | "refused"
  | "extra"
  | "loop"
  | "endless";

/** `json` is the API's own form; the others are what a proxy or the edge says in its place. */
const ERROR_BODIES = ["json", "html", "text", "empty"] as const;
type ErrorBody = (typeof ERROR_BODIES)[number];

/** What replaces the true answer. */
export type Misbehaviour =
  | {
      readonly kind: "error";
      readonly status: number;
      readonly body: ErrorBody;
      /** The error's code where the name gives one. */
      readonly code: number | undefined;
      readonly retryAfter: { readonly form: "seconds" | "date"; readonly seconds: number } | undefined;
      /** A 403 because of the client's address. */
      readonly location: boolean;
    }
  | { readonly kind: "delivery"; readonly delivery: Delivery }
  | { readonly kind: "body"; readonly shape: BodyShape }
  | { readonly kind: "redirect" };

/** What an interconnect's name provokes. */
export interface Fault {
  /** `list`: the list of its account is hit; `interconnect`: its own status and details. */
  readonly scope: "list" | "interconnect";
  readonly misbehaviour: Misbehaviour | undefined;
  readonly occasion: Occasion;
  readonly headersDelayMs: number;
  readonly bodyDelayMs: number;
}

/** Codes that a 429 can carry; other numbers after `error-429` are seconds. */
const THROTTLE_CODES: ReadonlySet<number> = new Set([971, 10_000, 10_429, 10_502]);
const DEFAULT_RETRY_AFTER_SECONDS = 60;

const LIST = /(?<![a-z0-9])list-/i;
const ERROR = sentinel(
  String.raw`(?:error-(?<status>[45]\d\d)(?<variants>(?:-(?:html|text|empty|ip|date|bare|[1-9]\d*)(?![a-z0-9]))*)|burst-(?<burst>[45]\d\d)|(?<short>[45]\d\d)(?=-once))`,
);
const DELIVERY = sentinel("(?<kind>hang-body|hang|reset|cut)");
const BODY = sentinel(
  "(?<shape>truncated|html|empty(?!-reason)|huge|array|no-state|enveloped|refused|extra|loop|endless)",
);
const REDIRECT = sentinel("redirect");
const SLOW_HEADERS = sentinel(String.raw`slow-(?<ms>\d+)`);
const SLOW_BODY = sentinel(String.raw`slow-body-(?<ms>\d+)`);

function errorIn(name: string): Misbehaviour | undefined {
  const groups = ERROR.exec(name)?.groups;
  if (groups === undefined) return undefined;
  const status = Number(groups["status"] ?? groups["burst"] ?? groups["short"]);
  const variants = (groups["variants"] ?? "")
    .toLowerCase()
    .split("-")
    .filter((variant) => variant !== "");
  const numbers = variants.map(Number).filter((number) => !Number.isNaN(number));
  const isCode = (number: number): boolean => status !== 429 || THROTTLE_CODES.has(number);
  const seconds = numbers.find((number) => !isCode(number)) ?? DEFAULT_RETRY_AFTER_SECONDS;
  const form = variants.includes("date") ? "date" : "seconds";
  return {
    kind: "error",
    status,
    body: ERROR_BODIES.find((body) => variants.includes(body)) ?? "json",
    code: numbers.find(isCode),
    retryAfter: status === 429 && !variants.includes("bare") ? { form, seconds } : undefined,
    location: variants.includes("ip"),
  };
}

function misbehaviourIn(name: string): Misbehaviour | undefined {
  const error = errorIn(name);
  if (error !== undefined) return error;
  const delivery = DELIVERY.exec(name)?.groups?.["kind"]?.toLowerCase();
  if (delivery !== undefined) {
    return { kind: "delivery", delivery: { kind: delivery as "hang" | "hang-body" | "reset" | "cut" } };
  }
  if (REDIRECT.test(name)) return { kind: "redirect" };
  const shape = BODY.exec(name)?.groups?.["shape"]?.toLowerCase();
  return shape === undefined ? undefined : { kind: "body", shape: shape as BodyShape };
}

/** Reads the sentinels in a name; undefined for a name that provokes nothing. */
export function faultOf(name: string): Fault | undefined {
  const misbehaviour = misbehaviourIn(name);
  const headersDelayMs = numberIn(SLOW_HEADERS, name) ?? 0;
  const bodyDelayMs = numberIn(SLOW_BODY, name) ?? 0;
  if (misbehaviour === undefined && headersDelayMs === 0 && bodyDelayMs === 0) return undefined;
  const scope = LIST.test(name) ? "list" : "interconnect";
  return { scope, misbehaviour, occasion: occasionOf(name), headersDelayMs, bodyDelayMs };
}

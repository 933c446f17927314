import { cutText } from "../base/cut-text.ts";

/** How reasons become label values; parsed from the config's `reasons`. */
export interface ReasonRules {
  /** `full`: text and class; `class`: class alone; `off`: neither. */
  readonly label: "full" | "class" | "off";
  /** Longest text in a label, in code points. */
  readonly maxLength: number;
  readonly maskNumbers: boolean;
  /** Distinct texts per interconnect and UTC day; further ones read `other`. */
  readonly maxPerInterconnect: number;
  /** Tried in order before the built-in classes. */
  readonly classes: readonly ReasonClass[];
}

export interface ReasonClass {
  readonly name: string;
  /** A RegExp, or a pattern of the user's that ends in bounded time. */
  readonly match: {
    readonly source: string;
    readonly test: (text: string) => boolean;
    /** Whether it took too long so often that it matches nothing any more. */
    readonly isOut?: boolean;
  };
}

/** Why an interconnect is in its state. */
export interface Reason {
  /** The cleaned text, up to 8 KiB; `""` when there is none. For pages, logs and the API. */
  readonly text: string;
  readonly class: string;
  /** Both as label values: the text masked, cut and capped, each `""` where the rules say so. */
  readonly label: { readonly text: string; readonly class: string };
}

/** What is kept of a text, in bytes of UTF-8: enough for people, and nothing for a thousand interconnects. */
const KEPT_BYTES = 8192;
/** What is read to find that, in code units: white space folds and marks go. The rest of a hostile text costs nothing. */
const READ_CODE_UNITS = 8 * KEPT_BYTES;
const CUT = "… (the rest was cut)";

/**
 * No real reason text of Cloudflare's is public. These follow its documentation's own words for what
 * goes wrong with a port, most specific first.
 */
const BUILT_IN_CLASSES: readonly ReasonClass[] = [
  { name: "maintenance", match: /maintenance|planned work/i },
  { name: "admin_down", match: /admin\w{0,20}[ _-]{0,3}(?:down|disabled|shut)|disabled by|shut ?down/i },
  {
    name: "low_light",
    match: /(?:light|power|signal)[^.]{0,40}(?:low\b|below|under|weak)|low[^.]{0,20}(?:light|power)/i,
  },
  {
    name: "no_light",
    match:
      /\bno\b[^.]{0,12}(?:light|optic)|loss of (?:light|signal)|\blos\b|light[^.]{0,20}(?:absent|lost|missing|not detected)/i,
  },
  {
    name: "cross_connect",
    match: /cross[ _-]?connect|polarity|(?:rx|tx)\b.{0,20}\bswap|swap.{0,20}\b(?:rx|tx)\b|patch panel/i,
  },
  { name: "no_ethernet", match: /ethernet|negotiat|no carrier|(?:local|remote|link) fault/i },
  { name: "device", match: /device|router|line ?card|chassis|unresponsive|reboot/i },
];

/** White space and control characters fold to one space; marks that turn the reading direction go; UTF-16 is mended. */
export function cleanReason(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, "")
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

const room = new Uint8Array(KEPT_BYTES);
const roomBeforeCut = room.subarray(0, KEPT_BYTES - new TextEncoder().encode(CUT).byteLength);

/** The text as it is kept: cleaned, and of at most 8 KiB of UTF-8, whole code points and the note that the rest was cut included. */
export function keepReason(raw: string): string {
  const text = cleanReason(raw.slice(0, READ_CODE_UNITS));
  const encoder = new TextEncoder();
  if (raw.length <= READ_CODE_UNITS && encoder.encodeInto(text, room).read === text.length) return text;
  const { written } = encoder.encodeInto(text, roomBeforeCut);
  // Decoded, not sliced: a slice would keep the whole text alive.
  return `${new TextDecoder().decode(roomBeforeCut.subarray(0, written))}${CUT}`;
}

/** The class of a cleaned text: the first of the user's, then of the built-in ones, that matches, else `other`. */
export function classifyReason(cleaned: string, classes: readonly ReasonClass[]): string {
  if (cleaned === "") return "none";
  return [...classes, ...BUILT_IN_CLASSES].find(({ match }) => match.test(cleaned))?.name ?? "other";
}

/** Date and time; MAC (two forms); UUID; IPv6; hexadecimal; then numbers, joined ones (IPv4, times, ports, versions) as one. */
const VARIABLE =
  /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\b[\da-f]{2}(?:[:-][\da-f]{2}){5}\b|\b[\da-f]{4}(?:\.[\da-f]{4}){2}\b|\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b|(?:[\da-f]{1,4}:|\B:|::){2,8}[\da-f]{0,4}(?:\/\d+)?|\b(?:0x)?[\da-f]{8,}\b|0x[\da-f]+|(?:(?<![\p{L}\d])[+-])?\d+(?:[.,:/]\d+)*/giu;

/** Each number, address or time as `#`, so that a text with a changing reading stays one series. */
export function maskNumbers(text: string): string {
  return text.replaceAll(VARIABLE, (match) => (/\d/.test(match) ? "#" : match));
}

/** The cleaned text as a label value, before the cap on distinct texts. */
export function labelText(cleaned: string, rules: ReasonRules): string {
  if (rules.label !== "full") return "";
  return cutText(rules.maskNumbers ? maskNumbers(cleaned) : cleaned, rules.maxLength);
}

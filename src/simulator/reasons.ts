/**
 * Every reason here is invented: no real reason string of Cloudflare's API is public. They follow the causes
 * that its documentation names, so that each of the exporter's reason classes has an example.
 */
import { pick } from "./fingerprint.ts";
import { sentinel } from "./sentinel.ts";

const PLAIN_REASONS: Readonly<Record<string, string>> = {
  "no-light": "no light detected",
  "low-light": "rx light level below -20 dBm",
  "no-ethernet": "ethernet link not negotiated",
  "admin-down": "port administratively down",
  "cross-connect": "no cross-connect found on the customer side",
  "dead-device": "device unresponsive",
  maintenance: "scheduled maintenance in progress",
  "other-reason": "diagnostics pending, please contact your account team",
};

const LONG_LENGTH = 1024;
const HOSTILE_LENGTH = 100 * 1024;

const HOSTILE_TEXT = [
  'port "et-0/0/1" said C:\\link\\down\r\n',
  "second line\twith a tab, a null \u0000, an escape \u001b[31m, a bell \u0007\n",
  '# HELP fake_metric injected\nfake_metric{a="b"} 1\n',
  "</script><script>alert('x')</script><img src=x onerror=alert(1)>&amp;&quot;\n",
  "emoji \u{1F525}\u{1F468}\u200D\u{1F469}\u200D\u{1F467}, right-to-left \u202Eoverride, line \u2028 separator, lone \uD83D half\n",
].join("");

/** Decides the reason; `undefined` is for an answer without the key. */
type ReasonWriter = (unixMs: number) => string | null | undefined;

const WRITERS: readonly (readonly [word: string, write: ReasonWriter])[] = [
  ["null-reason", () => null],
  ["no-reason", () => undefined],
  ["empty-reason", () => ""],
  [
    "hostile",
    () => HOSTILE_TEXT.repeat(Math.ceil(HOSTILE_LENGTH / HOSTILE_TEXT.length)).slice(0, HOSTILE_LENGTH),
  ],
  ["long", () => "rx light level below -20 dBm; ".repeat(LONG_LENGTH).slice(0, LONG_LENGTH)],
  ["churn", churningReason],
  ...Object.entries(PLAIN_REASONS).map(([word, text]) => [word, () => text] as const),
];

const PATTERNS = WRITERS.map(([word, write]) => ({ pattern: sentinel(word), write }));

/** Numbers, an address and a time that differ from one millisecond to the next. */
function churningReason(unixMs: number): string {
  const level = (20 + (unixMs % 1000) / 100).toFixed(2);
  return `rx light level -${level} dBm on 192.0.2.${unixMs % 255} at ${new Date(unixMs).toISOString()}, ${unixMs} errors`;
}

/** Whether the name asks for a special reason. */
export function asksForReason(name: string): boolean {
  return PATTERNS.some(({ pattern }) => pattern.test(name));
}

/** The reason for a name in a state that has one: by sentinel, else one that `drawKey` picks. */
export function reasonFor(name: string, drawKey: string, unixMs: number): string | null | undefined {
  const writer = PATTERNS.find(({ pattern }) => pattern.test(name));
  if (writer !== undefined) return writer.write(unixMs);
  return pick(drawKey, "no light detected", ...Object.values(PLAIN_REASONS).slice(1, 6));
}

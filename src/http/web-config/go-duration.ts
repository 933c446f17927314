const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const LONGEST = 100;
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** Milliseconds of a duration as Go's `time.ParseDuration` reads it (`1s`, `1.5h`, `1m30s`); undefined when it is none or negative. */
export function parseGoDuration(text: string): number | undefined {
  if (text === "0") return 0;
  // The pattern takes time that grows as the square of the length.
  if (text.length > LONGEST) return undefined;
  if (text === "" || text.replaceAll(PART, "") !== "") return undefined;
  let total = 0;
  for (const [, count, unit = ""] of text.matchAll(PART)) total += Number(count) * (UNIT_MS[unit] ?? 0);
  return Number.isSafeInteger(Math.ceil(total)) ? total : undefined;
}

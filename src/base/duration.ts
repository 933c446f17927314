/** Units of Prometheus durations in milliseconds, largest first: the order in which they must appear. */
const UNIT_MS = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

const DURATION =
  /^(?:(?<y>\d+)y)?(?:(?<w>\d+)w)?(?:(?<d>\d+)d)?(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:(?<s>\d+)s)?(?:(?<ms>\d+)ms)?$/;

/** Milliseconds of a duration as Prometheus writes it (`30s`, `1h30m`, `0`); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const groups = DURATION.exec(text)?.groups;
  if (text === "" || groups === undefined) return undefined;
  let total = 0;
  for (const [unit, ms] of Object.entries(UNIT_MS)) total += Number(groups[unit] ?? 0) * ms;
  return Number.isSafeInteger(total) ? total : undefined;
}

/** First letters of units as people write them out; a capital M is a minute too. */
const SPOKEN = /^(?<count>\d+(?:\.\d+)?)\s*(?<unit>ms|milli|s|m(?!o)|h|d|w|$)[a-z]*$/i;

/** The duration that was probably meant by a text that is none: `60 seconds`, `1.5h`, `00:01:00`, `PT1M`, `60`. */
export function guessDuration(text: string): string | undefined {
  const iso = /^PT?(?=\d)(.+)$/i.exec(text)?.[1];
  if (iso !== undefined && parseDuration(iso.toLowerCase()) !== undefined) return iso.toLowerCase();
  const clock = /^(?<h>\d+):(?<m>\d\d):(?<s>\d\d)$/.exec(text)?.groups;
  if (clock !== undefined)
    return formatDuration(
      Number(clock["h"]) * UNIT_MS.h + Number(clock["m"]) * UNIT_MS.m + Number(clock["s"]) * 1000,
    );
  const joined = text.toLowerCase().replaceAll(/\s+/g, "");
  if (joined !== text && parseDuration(joined) !== undefined) return joined;
  const { count, unit = "" } = SPOKEN.exec(text.trim())?.groups ?? {};
  if (count === undefined) return undefined;
  const name = unit === "" ? "s" : unit.toLowerCase().replace("milli", "ms");
  const written = `${count}${name}`;
  return parseDuration(written) === undefined
    ? formatDuration(Number(count) * UNIT_MS[name as keyof typeof UNIT_MS])
    : written;
}

/** The shortest Prometheus duration without weeks and years: `90000` is `1m30s`. Fractions of a millisecond are rounded. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms);
  if (rest === 0) return "0s";
  let text = "";
  for (const unit of ["d", "h", "m", "s", "ms"] as const) {
    const count = Math.floor(rest / UNIT_MS[unit]);
    rest -= count * UNIT_MS[unit];
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}

/** No answer may silence us for longer, whatever it says. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The three forms of an HTTP date, RFC 9110 section 5.6.7: IMF-fixdate, RFC 850, asctime. */
const HTTP_DATES = [
  /^(?<weekday>[A-Z][a-z]{2}), (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^(?<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{3,6}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^(?<weekday>[A-Z][a-z]{2}) (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];

/**
 * Milliseconds to wait by a `Retry-After` header (RFC 9110 section 10.2.3), in [0, 24 h]. Undefined when it says
 * nothing that can be relied on: absent, neither whole seconds nor an HTTP date, or a date that does not exist.
 */
export function parseRetryAfter(value: string | undefined, nowUnixMs: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return clamp(Number(text) * 1000);
  const atUnixMs = parseHttpDate(text, nowUnixMs);
  return atUnixMs === undefined ? undefined : clamp(atUnixMs - nowUnixMs);
}

function parseHttpDate(text: string, nowUnixMs: number): number | undefined {
  for (const form of HTTP_DATES) {
    const groups = form.exec(text)?.groups;
    if (groups === undefined) continue;
    const { weekday = "", day = "", month = "", year = "", time = "" } = groups;
    const fullYear = year.length === 2 ? fullYearOf(Number(year), nowUnixMs) : Number(year);
    const [hours, minutes, seconds] = time.split(":").map(Number);
    const unixMs = Date.UTC(fullYear, MONTHS.indexOf(month), Number(day), hours, minutes, seconds);
    // A date that does not exist, a 30 February or a Monday that was none, does not come back as it went in.
    const canonical = `${weekday}, ${day.replace(" ", "0")} ${month} ${String(fullYear).padStart(4, "0")} ${time} GMT`;
    return new Date(unixMs).toUTCString() === canonical ? unixMs : undefined;
  }
  return undefined;
}

/** A two-digit year that seems more than 50 years ahead is the last one with these digits (RFC 9110). */
function fullYearOf(twoDigits: number, nowUnixMs: number): number {
  const thisYear = new Date(nowUnixMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, 0), LONGEST_MS);
}

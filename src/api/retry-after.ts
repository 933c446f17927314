import { headerOf, type ResponseHeaders } from "./response-headers.ts";

/** As far from the answer's own time may a number lie, read as a Unix time, before it is taken for seconds to wait. */
const EPOCH_WITHIN_MS = 366 * 24 * 60 * 60 * 1000;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The three forms of an HTTP date, RFC 9110 section 5.6.7: IMF-fixdate, RFC 850, asctime. */
const HTTP_DATES = [
  /^(?<weekday>[A-Z][a-z]{2}), (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^(?<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{3,6}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^(?<weekday>[A-Z][a-z]{2}) (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];

/**
 * Milliseconds that a `Retry-After` header (RFC 9110 section 10.2.3) asks to wait, not negative and however long. Undefined when
 * it says nothing that can be relied on: absent, neither whole seconds nor an HTTP date, or a date that does not exist.
 */
// A date is of the clock that wrote it, and so is read against the answer's own Date: ours may be an hour off.
export function retryAfterOf(headers: ResponseHeaders, nowUnixMs: number): number | undefined {
  const text = headerOf(headers, "retry-after")?.trim() ?? "";
  const writtenUnixMs = parseHttpDate(headerOf(headers, "date")?.trim() ?? "", nowUnixMs) ?? nowUnixMs;
  if (/^\d+$/.test(text)) return parseNumber(Number(text), writtenUnixMs);
  const atUnixMs = parseHttpDate(text, writtenUnixMs);
  return atUnixMs === undefined ? undefined : Math.max(0, atUnixMs - writtenUnixMs);
}

/** Seconds to wait, or a Unix time in seconds or milliseconds: nobody asks to wait for decades that end about now. */
function parseNumber(value: number, writtenUnixMs: number): number {
  const waits = [value * 1000, value].map((unixMs) => unixMs - writtenUnixMs);
  const untilEpoch = waits.find((ms) => Math.abs(ms) <= EPOCH_WITHIN_MS);
  return untilEpoch === undefined ? Math.min(value * 1000, Number.MAX_SAFE_INTEGER) : Math.max(0, untilEpoch);
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

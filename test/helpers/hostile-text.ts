import * as fc from "fast-check";

/** What breaks label values, pages, logs and regular expressions. */
const NASTY = [
  '"',
  "\\",
  "\n",
  "\r",
  "\t",
  "\u0000",
  "{",
  "}",
  ",",
  "=",
  "#",
  " ",
  "<",
  ">",
  "&",
  "'",
  "</script>",
  "<b>",
  "é",
  "✓",
  "😀",
  "\u2028",
  "\u202e",
  "\u061c",
  "\ufeff",
  "0",
  "17",
  "a1b2",
  ":",
  "::",
  ".",
  "-",
  "/",
  "10.0.0.1",
  "fe80::1",
  "2027-01-15T08:00:00Z",
  "# EOF",
  "\\n",
  "٣",
] as const;

const nasty = fc.constantFrom(...NASTY);
const unit = fc.nat(0xff_ff).map((code) => String.fromCharCode(code));

/** Well-formed text full of characters that mean something somewhere. */
export const hostileText = fc
  .array(fc.oneof({ weight: 4, arbitrary: nasty }, { weight: 1, arbitrary: unit }), { maxLength: 24 })
  .map((parts) => parts.join("").toWellFormed());

/** The same, with lone surrogates left in: what a broken answer may hold. */
export const brokenText = fc
  .array(fc.oneof(nasty, unit, fc.constantFrom("\ud83d", "\ude00")), { maxLength: 24 })
  .map((parts) => parts.join(""));

import { z } from "zod";
import { BoundedPattern } from "../base/bounded-pattern.ts";
import { holdsCredential } from "../base/credential-shape.ts";
import { FAILURE_KINDS } from "../domain/failure.ts";
import type { ReasonClass, ReasonRules } from "../domain/reason.ts";
import { plainText, section, wholeNumber } from "./fields.ts";

const NAME_ERROR = "expected a class name of lower-case letters, digits and underscores, with a letter first";
const REGEX_ERROR = "expected a JavaScript regular expression";
const LONGEST_PATTERN = 1000;

/** Classes with which the exporter itself says why there is no reason or no answer. */
const OWN_CLASSES: ReadonlySet<string> = new Set(["none", "not_polled", "unknown_state", ...FAILURE_KINDS]);

const reasonClass = z.strictObject({
  name: z
    .string({ error: NAME_ERROR })
    .regex(/^[a-z][a-z0-9_]*$/, { error: NAME_ERROR })
    .refine((name) => !holdsCredential(name), { error: `${NAME_ERROR}, not a credential` })
    .refine((name) => !OWN_CLASSES.has(name), { error: "this class name is the exporter's own" })
    .describe("Value of the label `reason_class`; a built-in class's name is fine."),
  match: pattern().describe("JavaScript regular expression, case-insensitive."),
});

function pattern() {
  return z.codec(plainText(LONGEST_PATTERN), z.custom<ReasonClass["match"]>(), {
    decode(source, context) {
      try {
        return new BoundedPattern(source);
      } catch (error) {
        context.issues.push({
          code: "custom",
          message: `${REGEX_ERROR}; ${regexAdvice(source, error)}`,
          input: source,
        });
        return z.NEVER;
      }
    },
    // Without the backslashes that a RegExp puts before its slashes, which make it longer than it was written.
    encode: ({ source }) => source.replaceAll(/\\./gsu, (pair) => (pair === String.raw`\/` ? "/" : pair)),
  });
}

/** What to do about the slips of those who come from other dialects; of all others, what the engine says. */
function regexAdvice(source: string, error: unknown): string {
  if (source.startsWith("(?i)")) return "leave (?i) away, since case never counts";
  if (source.includes("(?P<")) return "write a named group as (?<name>...)";
  if (/^[*+?]/.test(source)) return "for any run of characters write .*";
  if (/^\/.*\/[a-z]*$/s.test(source)) return "write it without the slashes around it";
  // The engine quotes the pattern first.
  return String(error).replace(/^.*: /s, "").toLowerCase();
}

const keys = z.strictObject({
  label: z
    .enum(["full", "class", "off"])
    .default("full")
    .describe("How much of a reason becomes a label: its text and class, its class alone, or nothing."),
  max_length: wholeNumber(1, 1024).default(200).describe("Longest text in a label, in code points."),
  mask_numbers: z
    .boolean()
    .default(true)
    .describe("Numbers, IP and MAC addresses and times become `#`, so that they make no new series."),
  max_per_interconnect: wholeNumber(1, 1000)
    .default(20)
    .describe("Distinct texts per interconnect and day; further ones read `other`."),
  classes: z
    .array(reasonClass)
    .prefault([])
    .describe("Classes of your own, tried in order before the built-in ones."),
});

export const reasonsSchema = section(
  z.codec(keys, z.custom<ReasonRules>(), {
    decode: (written): ReasonRules => ({
      label: written.label,
      maxLength: written.max_length,
      maskNumbers: written.mask_numbers,
      maxPerInterconnect: written.max_per_interconnect,
      classes: written.classes,
    }),
    encode: (rules) => ({
      label: rules.label,
      max_length: rules.maxLength,
      mask_numbers: rules.maskNumbers,
      max_per_interconnect: rules.maxPerInterconnect,
      classes: [...rules.classes],
    }),
  }),
).describe("What becomes of the API's free-text reasons.");

import { z } from "zod";
import { FAILURE_KINDS } from "../domain/failure.ts";
import type { ReasonClass, ReasonRules } from "../domain/reason.ts";
import { plainText, section, wholeNumber } from "./fields.ts";

const NAME_ERROR = "expected a class name of lower-case letters, digits and underscores, with a letter first";
const REGEX_ERROR = "expected a JavaScript regular expression";
const LONGEST_PATTERN = 1000;

/** Classes with which the exporter itself says why there is no reason or no answer. */
const OWN_CLASSES: ReadonlySet<string> = new Set(["none", "not_polled", "unknown_state", ...FAILURE_KINDS]);

const reasonClass = z
  .strictObject({
    name: z
      .string({ error: NAME_ERROR })
      .regex(/^[a-z][a-z0-9_]*$/, { error: NAME_ERROR })
      .refine((name) => !OWN_CLASSES.has(name), { error: "this class name is the exporter's own" })
      .describe("Value of the label `reason_class`; a built-in class's name is fine."),
    match: plainText(LONGEST_PATTERN)
      .transform((pattern, context) => {
        try {
          return new RegExp(pattern, "i");
        } catch {
          context.addIssue({ code: "custom", message: REGEX_ERROR, input: pattern });
          return z.NEVER;
        }
      })
      .describe("JavaScript regular expression, case-insensitive."),
  })
  .transform((fields): ReasonClass => fields);

const fields = z.strictObject({
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

export const reasonsSchema = section(fields)
  .transform((reasons): ReasonRules => ({
    label: reasons.label,
    maxLength: reasons.max_length,
    maskNumbers: reasons.mask_numbers,
    maxPerInterconnect: reasons.max_per_interconnect,
    classes: reasons.classes,
  }))
  .describe("What becomes of the API's free-text reasons.");

import { z } from "zod";
import { holdsCredential } from "../base/credential-shape.ts";
import { LINK_STATES, type LinkState } from "../domain/link-state.ts";
import { oneOf } from "../document/describe.ts";
import type { InterconnectConfig } from "./config.ts";
import { plainText, section } from "./fields.ts";

const LONGEST_NAME = 255;
const DEFAULT_STATE: LinkState = "Healthy";

/** Label names that the exporter's own series use, or that Prometheus gives a meaning. */
const RESERVED_LABELS: ReadonlySet<string> = new Set([
  "account",
  "account_id",
  "group",
  "instance",
  "interconnect",
  "interconnect_device",
  "interconnect_facility",
  "interconnect_region",
  "interconnect_site",
  "interconnect_speed",
  "interconnect_type",
  "job",
  "kind",
  "le",
  "quantile",
  "reason",
  "reason_class",
  "slot_id",
  "state",
]);

const labelKey = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, {
    error: "expected a label name of letters, digits and underscores that does not start with a digit",
    abort: true,
  })
  .refine((key) => !RESERVED_LABELS.has(key) && !key.startsWith("__") && !key.startsWith("exported_"), {
    error: "this label name is the exporter's or Prometheus's own",
  })
  .refine((key) => !holdsCredential(key), { error: "expected a label name, not a credential" });

const labelValue = z
  .string({ error: "expected text" })
  .refine((text) => text.isWellFormed(), { error: "expected well-formed Unicode text" })
  .meta({ type: ["string", "number", "boolean"] });

const labels = section(
  z.codec(z.record(labelKey, labelValue), z.custom<InterconnectConfig["labels"]>(), {
    decode: (entries): InterconnectConfig["labels"] => Object.assign(Object.create(null), entries),
    encode: (entries) => ({ ...entries }),
  }),
).describe("Your own labels on `cloudflare_interconnect_info`. Numbers need no quotes.");

const name = plainText(LONGEST_NAME)
  .refine((text) => text !== "." && text !== ".." && !/^cf(?:ut|at|k)_\w{8}/.test(text), {
    error: "expected an interconnect's name",
  })
  .describe("Name of the interconnect, as the API and the dashboard show it.");

const expectedState = z
  .enum(LINK_STATES, {
    error: ({ input }) =>
      input === "Unknown"
        ? `Unknown cannot be expected, since it says that the state is not known; use ${oneOf(LINK_STATES)}`
        : `expected ${oneOf(LINK_STATES)}`,
  })
  .default(DEFAULT_STATE)
  .describe("The state in which this interconnect should be; alerts fire on others.");

const written = z.union([name, z.strictObject({ name, expected_state: expectedState, labels })], {
  error: "expected an interconnect's name, or a mapping with its name",
});

/** One interconnect: its name alone, or a mapping with its name. */
export const interconnectSchema = z.codec(written, z.custom<InterconnectConfig>(), {
  decode: (one): InterconnectConfig =>
    typeof one === "string"
      ? { name: one, expectedState: DEFAULT_STATE, labels: Object.create(null) }
      : { name: one.name, expectedState: one.expected_state, labels: one.labels },
  encode: (one) => ({ name: one.name, expected_state: one.expectedState, labels: one.labels }),
});

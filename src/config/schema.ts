import { z } from "zod";
import type { Path } from "../document/path.ts";
import { rule } from "../document/rule.ts";
import { formatDuration } from "../base/duration.ts";
import { accountSchema } from "./account-schema.ts";
import { credentialKey } from "./config.ts";
import { baseUrl, duration, section, wholeNumber } from "./fields.ts";
import { reasonsSchema } from "./reasons-schema.ts";
import { uniqueNames } from "./unique.ts";

const NO_ACCOUNT = "expected a list of at least one account";
const SHORTEST_INTERVAL_MS = 1000;
const SHORTEST_TIMEOUT_MS = 100;

const pollSchema = section(
  z
    .strictObject({
      interval: duration(SHORTEST_INTERVAL_MS)
        .prefault("60s")
        .describe("Steady rhythm of every interconnect; at least 1s."),
      timeout: duration(SHORTEST_TIMEOUT_MS)
        .optional()
        .describe(
          "For one whole poll, retries included. Default: 10s, or the interval when that is shorter.",
        ),
      retries: wholeNumber(0, 10)
        .default(2)
        .describe("Quick retries inside a poll, on network errors and 5xx alone."),
      concurrency: wholeNumber(1, 1000)
        .default(8)
        .describe("Polls in flight, the whole process; at least one for each credential."),
      stale_after: duration(SHORTEST_INTERVAL_MS)
        .optional()
        .describe(
          "Age of the last good answer at which a state is Unknown. Default: the larger of 10m and 3 x interval.",
        ),
    })
    .check(
      rule(["interval", "timeout"], ({ interval, timeout }, report) => {
        if (timeout === undefined || timeout <= interval) return;
        report(["timeout"], `expected at most poll.interval, ${formatDuration(interval)}`);
      }),
    ),
).describe("When and how interconnects are polled.");

const apiSchema = section(
  z.strictObject({
    base_url: baseUrl()
      .prefault("https://api.cloudflare.com/client/v4")
      .describe("Root of Cloudflare's API; https, or http on a loopback address."),
  }),
).describe("How Cloudflare's API is reached.");

/**
 * The one source of validation, types, defaults, JSON Schema and docs. Parse it asynchronously: it reads the
 * secret files, relative to the folder.
 */
export function configSchema(folder: string) {
  return z
    .strictObject({
      poll: pollSchema,
      api: apiSchema,
      accounts: z
        .array(accountSchema(folder), { error: NO_ACCOUNT })
        .min(1, { error: NO_ACCOUNT })
        .check(uniqueNames("accounts"))
        .describe("The accounts whose interconnects are polled."),
      reasons: reasonsSchema,
    })
    .check(
      rule(["poll", "accounts"], ({ poll, accounts }, report) => {
        const credentials = new Set(accounts.map(({ credential }) => credentialKey(credential))).size;
        if (poll.concurrency >= credentials) return;
        report(
          ["poll", "concurrency"],
          `must be at least ${credentials}, one for each credential, but is ${poll.concurrency}`,
        );
      }),
    )
    .describe("Configuration of cloudflare-interconnect-exporter.");
}

/** What the schema makes of a file: everything but the defaults that depend on other values. */
export type Settings = z.output<ReturnType<typeof configSchema>>;

const DURATION_KEYS: ReadonlySet<unknown> = new Set(["interval", "timeout", "stale_after"]);

/** Where an unquoted scalar is text as written: in all that an account holds, and in durations (`0`). */
export function isTextAt(path: Path): boolean {
  return path[0] === "accounts" || DURATION_KEYS.has(path.at(-1));
}

import { z } from "zod";
import { judgement, rule } from "../document/rule.ts";
import { accountSchema } from "./account-schema.ts";
import { apiSchema } from "./api-schema.ts";
import { accountWarnings } from "./account-warnings.ts";
import { type Config, credentialKey } from "./config.ts";
import { checkMembersExist, checkMembersOnce, groupsSchema } from "./groups-schema.ts";
import type { LoadContext } from "./load-context.ts";
import { patternWarnings } from "./pattern-warnings.ts";
import { pollSchema } from "./poll-schema.ts";
import { reasonsSchema } from "./reasons-schema.ts";
import { uniqueNames } from "./unique.ts";

const NO_ACCOUNT = "expected a list of at least one account";

/**
 * The one source of validation, defaults, JSON Schema and docs, and the way from a file to the config in effect and
 * back. Parse it asynchronously: it reads the secret files and the certificates, relative to the context's folder.
 */
export function configSchema(context: LoadContext): z.ZodType<Config> {
  return z
    .strictObject({
      poll: pollSchema(context),
      api: apiSchema(context),
      accounts: z
        .array(accountSchema(context), { error: NO_ACCOUNT })
        .min(1, { error: NO_ACCOUNT })
        .check(uniqueNames("accounts"))
        .describe("The accounts whose interconnects are polled."),
      groups: groupsSchema,
      reasons: reasonsSchema,
    })
    .check(
      rule([["poll", "concurrency"], "accounts"], ({ poll, accounts }, report) => {
        const credentials = new Set(accounts.map(({ credential }) => credentialKey(credential))).size;
        if (poll.concurrency >= credentials) return;
        report(
          ["poll", "concurrency"],
          `must be at least ${credentials}, one for each credential, but is ${poll.concurrency}`,
        );
      }),
      judgement(checkMembersExist),
      judgement(checkMembersOnce),
      judgement((config) => context.warnings.push(...accountWarnings(config), ...patternWarnings(config))),
    )
    .describe("Configuration of cloudflare-interconnect-exporter.");
}

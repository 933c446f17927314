import { z } from "zod";
import { rule } from "../document/rule.ts";
import { accountSchema } from "./account-schema.ts";
import { apiSchema } from "./api-schema.ts";
import { credentialKey } from "./config.ts";
import { checkMembersExist, groupsSchema } from "./groups-schema.ts";
import type { NamedFiles } from "./named-files.ts";
import { pollSchema } from "./poll-schema.ts";
import { reasonsSchema } from "./reasons-schema.ts";
import { uniqueGroups } from "./unique-groups.ts";
import { uniqueNames } from "./unique.ts";

const NO_ACCOUNT = "expected a list of at least one account";

/**
 * The one source of validation, types, defaults, JSON Schema and docs. Parse it asynchronously: it reads the
 * secret files and the certificates, relative to the folder.
 */
export function configSchema(files: NamedFiles) {
  return z
    .strictObject({
      poll: pollSchema,
      api: apiSchema(files),
      accounts: z
        .array(accountSchema(files), { error: NO_ACCOUNT })
        .min(1, { error: NO_ACCOUNT })
        .check(uniqueNames("accounts"))
        .describe("The accounts whose interconnects are polled."),
      groups: groupsSchema,
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
      rule(["accounts", "groups"], checkMembersExist),
      uniqueGroups(),
    )
    .describe("Configuration of cloudflare-interconnect-exporter.");
}

/** What the schema makes of a file: everything but the defaults that depend on other values. */
export type Settings = z.output<ReturnType<typeof configSchema>>;

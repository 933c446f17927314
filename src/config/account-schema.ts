import { z } from "zod";
import { holdsCredential } from "../base/credential-shape.ts";
import { judgement, type Report, rule } from "../document/rule.ts";
import type { Credential, SecretSource } from "../domain/credential.ts";
import { listOf, valueOf } from "./as-written.ts";
import type { AccountConfig } from "./config.ts";
import { discoveryOf, discoverySchema } from "./discovery-schema.ts";
import { list, ownName } from "./fields.ts";
import { interconnectSchema } from "./interconnect-schema.ts";
import type { LoadContext } from "./load-context.ts";
import { type FileSecret, inlineSecret, secretFile } from "./secret-fields.ts";
import { uniqueNames } from "./unique.ts";

const ID_ERROR = "expected an account id of 32 hexadecimal digits";
const MOST_INTERCONNECTS = 10_000;
const EMAIL_ERROR = "expected an email address";

/** The ways to give a credential: the keys that belong together. */
const SCHEMES = [
  ["api_token"],
  ["api_token_file"],
  ["api_email", "api_key"],
  ["api_email", "api_key_file"],
] as const;

interface CredentialFields {
  readonly api_token?: SecretSource | undefined;
  readonly api_token_file?: FileSecret | undefined;
  readonly api_email?: string | undefined;
  readonly api_key?: SecretSource | undefined;
  readonly api_key_file?: FileSecret | undefined;
}

/** The ways to give the credential; one in a file is read at once, relative to the folder. */
function credentialKeys(context: LoadContext) {
  return {
    api_token: inlineSecret("api_token")
      .optional()
      .describe("API token with Magic Transit Read or Magic WAN Read; better in a file or `${VARIABLE}`."),
    api_token_file: secretFile(context, "api_token").optional().describe("File that holds the API token."),
    api_email: z
      .string({ error: EMAIL_ERROR })
      .regex(/^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+$/, { error: EMAIL_ERROR })
      // It is shown: neither a URL with a password in it nor what is copied from beside it.
      .refine((text) => !text.includes(":") && !holdsCredential(text), { error: EMAIL_ERROR })
      .optional()
      .describe("Email address that belongs to the global API key."),
    api_key: inlineSecret("api_key")
      .optional()
      .describe("Global API key; a token with less rights is better."),
    api_key_file: secretFile(context, "api_key").optional().describe("File that holds the global API key."),
  };
}

function accountKeys(context: LoadContext) {
  return z
    .strictObject({
      name: ownName().describe("Your name for the account: the `account` label of its series."),
      account_id: z
        .string({ error: ID_ERROR })
        .regex(/^[0-9a-fA-F]{32}$/, { error: ID_ERROR })
        .toLowerCase()
        .describe("Cloudflare's account id, 32 hexadecimal digits."),
      ...credentialKeys(context),
      interconnects: list(
        z
          .array(interconnectSchema, {
            error: ({ input }) =>
              input === "all" || input === "*" || input === true
                ? "expected a list of interconnects; leave it out to poll all that the account has"
                : "expected a list of interconnects",
          })
          .max(MOST_INTERCONNECTS, {
            error: `expected at most ${MOST_INTERCONNECTS} interconnects: so many are what one account's list may hold, and what this exporter is built for`,
          })
          .check(uniqueNames("interconnects")),
      ).describe("The interconnects to poll; all of the account's when none is listed."),
      discovery: discoverySchema,
    })
    .check(
      judgement((account, report) => {
        const isOff = valueOf(valueOf(account, "discovery"), "enabled") === false;
        if (isOff && listOf(valueOf(account, "interconnects"))?.length === 0)
          report(["discovery", "enabled"], "must be true when no interconnects are listed");
      }),
      rule([], checkCredential),
    )
    .meta({
      description: "An account, with exactly one credential.",
      oneOf: SCHEMES.map(schemeSchema),
    });
}

/** One account of the list `accounts`. */
export function accountSchema(context: LoadContext) {
  return z.codec(accountKeys(context), z.custom<AccountConfig>(), {
    decode: (written): AccountConfig => ({
      name: written.name,
      accountId: written.account_id,
      credential: toCredential(written),
      interconnects: written.interconnects,
      discovery: discoveryOf(written.discovery, written.interconnects),
    }),
    encode: ({ name, accountId, credential, interconnects, discovery }) => ({
      name,
      account_id: accountId,
      ...fromCredential(credential),
      interconnects,
      discovery,
    }),
  });
}

function schemeSchema(keys: readonly string[]) {
  const properties = Object.fromEntries(keys.map((key) => [key, { type: "string" }]));
  return { type: "object", properties, required: keys };
}

/** Exactly one token, or an email with exactly one key; looks at what is there, not at what it holds. */
function checkCredential(fields: CredentialFields, report: Report): void {
  const has = (key: keyof CredentialFields): boolean => fields[key] !== undefined;
  const token = has("api_token") ? "api_token" : "api_token_file";
  const key = has("api_key") ? "api_key" : "api_key_file";
  if (has("api_token") && has("api_token_file"))
    report(["api_token_file"], "api_token is set too; keep one of them");
  if (has("api_key") && has("api_key_file")) report(["api_key_file"], "api_key is set too; keep one of them");
  if (has(token) && (has("api_email") || has(key))) {
    report(
      [has("api_email") ? "api_email" : key],
      `${token} is set too; use either a token or an email with a key`,
    );
  } else if (has("api_email") && !has(key)) report(["api_email"], "needs api_key or api_key_file beside it");
  else if (has(key) && !has("api_email")) report([key], "needs api_email beside it");
  else if (!has(key) && !has(token)) {
    report([], "needs a credential: api_token or api_token_file, or api_email with api_key or api_key_file");
  }
}

/** For fields that have passed `checkCredential`, which is why an email and a key must be there when no token is. */
function toCredential(fields: CredentialFields): Credential {
  const token = fields.api_token ?? fields.api_token_file;
  if (token !== undefined) return { scheme: "token", token };
  return {
    scheme: "key",
    email: fields.api_email as string,
    key: (fields.api_key ?? fields.api_key_file) as SecretSource,
  };
}

function fromCredential(credential: Credential): CredentialFields {
  if (credential.scheme === "token") {
    const { token } = credential;
    return token.from === "file" ? { api_token_file: token } : { api_token: token };
  }
  const { email, key } = credential;
  return { api_email: email, ...(key.from === "file" ? { api_key_file: key } : { api_key: key }) };
}

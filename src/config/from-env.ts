import type { Environment } from "../document/expand.ts";
import type { Problem } from "../document/problems.ts";
import { type LoadResult, parseConfig } from "./load.ts";

/** The variables, and where their values go in a config. */
const VARIABLES = {
  "accounts[0].account_id": "CLOUDFLARE_ACCOUNT_ID",
  "accounts[0].api_email": "CLOUDFLARE_EMAIL",
  "accounts[0].api_key": "CLOUDFLARE_API_KEY",
  "accounts[0].api_token": "CLOUDFLARE_API_TOKEN",
  "api.base_url": "CLOUDFLARE_BASE_URL",
} as const;

interface Values {
  readonly accountId: string | undefined;
  readonly email: string | undefined;
  readonly key: string | undefined;
  readonly token: string | undefined;
  readonly baseUrl: string | undefined;
}

/**
 * The config that the environment alone gives: one account, `default`, with all its interconnects. Undefined when
 * it names neither account nor credential; a problem's path is the variable's name.
 */
export function configFromEnv(env: Environment, replicas = 1): Promise<LoadResult> | undefined {
  // As in Cloudflare's SDKs: white space around a value does not count, and an empty one is none.
  const value = (name: string): string | undefined => env[name]?.trim() || undefined;
  const values: Values = {
    accountId: value("CLOUDFLARE_ACCOUNT_ID"),
    email: value("CLOUDFLARE_EMAIL"),
    key: value("CLOUDFLARE_API_KEY"),
    token: value("CLOUDFLARE_API_TOKEN"),
    baseUrl: value("CLOUDFLARE_BASE_URL"),
  };
  const { accountId, email, key, token } = values;
  return (accountId ?? email ?? key ?? token) === undefined ? undefined : fromValues(values, replicas);
}

async function fromValues(values: Values, replicas: number): Promise<LoadResult> {
  const result = await parseConfig(documentOf(values), { file: "environment", replicas });
  const problems = credentialProblems(values);
  if (result.ok && problems.length === 0) return { ...result, writtenAt };
  const further = result.ok ? [] : result.problems.flatMap(ofVariable);
  return { ok: false, reason: "invalid", problems: [...further, ...problems], warnings: [], files: [] };
}

function writtenAt(path: string): string | undefined {
  const name = Object.entries(VARIABLES).find(([place]) => place === path)?.[1];
  return name === undefined ? undefined : `\${${name}}`;
}

/** JSON is YAML: the same reader and the same defaults as for everybody's configuration. */
function documentOf({ accountId, email, key, token, baseUrl }: Values): string {
  const whole = token === undefined && email !== undefined && key !== undefined;
  const credential = whole ? { api_email: email, api_key: key } : { api_token: token };
  return JSON.stringify({
    api: { base_url: baseUrl },
    accounts: [{ name: "default", account_id: accountId, ...credential }],
  });
}

/** The problem under the variable's name; the budget has none, and is too small for very many replicas. That there is no credential is left to `credentialProblems`, which speaks of variables. */
function ofVariable({ path, message }: Problem): readonly Problem[] {
  if (path === "api.budget") return [{ path, message }];
  const name = Object.entries(VARIABLES).find(([place]) => place === path)?.[1];
  return name === undefined ? [] : [{ path: name, message }];
}

function credentialProblems({ email, key, token }: Values): readonly Problem[] {
  if (token !== undefined && (email ?? key) !== undefined) {
    const path = email === undefined ? "CLOUDFLARE_API_KEY" : "CLOUDFLARE_EMAIL";
    const message =
      "CLOUDFLARE_API_TOKEN is set too; use either a token, or CLOUDFLARE_EMAIL with CLOUDFLARE_API_KEY";
    return [{ path, message }];
  }
  if (token !== undefined || (email !== undefined && key !== undefined)) return [];
  if (email !== undefined)
    return [{ path: "CLOUDFLARE_EMAIL", message: "needs CLOUDFLARE_API_KEY beside it" }];
  if (key !== undefined) return [{ path: "CLOUDFLARE_API_KEY", message: "needs CLOUDFLARE_EMAIL beside it" }];
  const message = "expected an API token, or CLOUDFLARE_EMAIL with CLOUDFLARE_API_KEY, got nothing";
  return [{ path: "CLOUDFLARE_API_TOKEN", message }];
}

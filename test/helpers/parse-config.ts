import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { parseConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/document/problems.ts";

export const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
type Env = Readonly<Record<string, string>>;

/** A config with one account that has these further lines; `head` comes before the accounts. */
export function text(lines: readonly string[], head = ""): string {
  const account = ["accounts:", "  - name: production", `    account_id: ${ACCOUNT_ID}`];
  return [head, ...account, ...lines.map((line) => `    ${line}`), ""].join("\n");
}

export const PLAIN = ["api_token: secret-token", "interconnects: [icon-ewr-01]"];

export async function parse(source: string, env: Env = {}, folder = ".") {
  return await parseConfig(source, { file: join(folder, "config.yaml"), env });
}

export async function valid(source: string, env: Env = {}, folder = "."): Promise<Config> {
  const result = await parse(source, env, folder);
  if (!result.ok)
    throw new Error(result.problems.map((problem) => formatProblem("config", problem)).join("\n"));
  return result.config;
}

export async function messages(source: string, env: Env = {}, folder = "."): Promise<readonly string[]> {
  const result = await parse(source, env, folder);
  return result.ok ? [] : result.problems.map((problem) => formatProblem("config.yaml", problem));
}

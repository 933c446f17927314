import type { Config } from "../config/config.ts";
import { configFromEnv } from "../config/from-env.ts";
import { loadConfig } from "../config/load.ts";
import type { LoadResult } from "../config/load.ts";
import { formatProblem } from "../document/problems.ts";
import type { CommandContext } from "./command.ts";
import { FLAGS } from "./flags.ts";

const WAYS_TO_START = `There are three ways to start:
  1. With a configuration: cloudflare-interconnect-exporter --config.file=config.yaml
     (config.example.yaml shows every key with its default)
  2. With the environment alone, for all interconnects of one account:
     CLOUDFLARE_API_TOKEN=... CLOUDFLARE_ACCOUNT_ID=... cloudflare-interconnect-exporter
  3. Without an account and without a network, to see it work: cloudflare-interconnect-exporter demo
`;

/** The configuration; undefined when it cannot be used, after all its problems are printed. An existing file wins over the environment. */
export async function readConfig({ args, env, printError }: CommandContext): Promise<Config | undefined> {
  const path = args.configFile ?? FLAGS["config.file"].default;
  const fromFile = await loadConfig(path, env);
  const mayBeEnvironment = !fromFile.ok && fromFile.reason === "missing" && args.configFile === undefined;
  const fromEnvironment = mayBeEnvironment ? await configFromEnv(env) : undefined;
  return fromEnvironment === undefined
    ? report(fromFile, path, printError)
    : report(fromEnvironment, "environment", printError);
}

function report(
  result: LoadResult,
  source: string,
  printError: CommandContext["printError"],
): Config | undefined {
  if (result.ok) {
    for (const warning of result.warnings) printError(`${formatProblem(source, warning)} (warning)\n`);
    return result.config;
  }
  for (const problem of result.problems) printError(`${formatProblem(source, problem)}\n`);
  if (result.reason === "missing") printError(WAYS_TO_START);
  return undefined;
}

import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { formatProblem } from "../document/problems.ts";
import type { CommandContext } from "./command.ts";

const WAYS_TO_START = `There are three ways to start:
  1. Write a configuration and name it: cloudflare-interconnect-exporter --config.file=config.yaml
     (config.example.yaml shows every key with its default)
  2. Check a configuration without starting: cloudflare-interconnect-exporter check --config.file=config.yaml
  3. See it work without an account and without a network: cloudflare-interconnect-exporter demo
`;

/** The configuration; undefined when it cannot be used, after all its problems are printed. */
export async function readConfig({ args, env, printError }: CommandContext): Promise<Config | undefined> {
  const result = await loadConfig(args.configFile, env);
  if (result.ok) {
    for (const warning of result.warnings)
      printError(`${formatProblem(args.configFile, warning)} (warning)\n`);
    return result.config;
  }
  for (const problem of result.problems) printError(`${formatProblem(args.configFile, problem)}\n`);
  if (result.reason === "missing") printError(WAYS_TO_START);
  return undefined;
}

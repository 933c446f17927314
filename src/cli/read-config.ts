import type { Config } from "../config/config.ts";
import { configFromEnv } from "../config/from-env.ts";
import { loadConfig, type LoadResult } from "../config/load.ts";
import type { ConfigSource } from "../daemon/config-source.ts";
import { formatProblem, formatWithExcerpt } from "../document/problems.ts";
import type { CommandContext } from "./command.ts";
import { FLAGS } from "./flags.ts";

const WAYS_TO_START = `There are three ways to start:
  1. With a configuration: cloudflare-interconnect-exporter --config.file=config.yaml
     (config.example.yaml shows every key with its default)
  2. With the environment alone, for all interconnects of one account:
     CLOUDFLARE_API_TOKEN=... CLOUDFLARE_ACCOUNT_ID=... cloudflare-interconnect-exporter
  3. Without an account and without a network, to see it work: cloudflare-interconnect-exporter demo
`;

/** A configuration, and where it came from; without a source it is the environment's. */
export interface ReadConfig {
  readonly config: Config;
  readonly source: ConfigSource | undefined;
  /** What was written at this path, when it came from the environment: `${NAME}`. */
  readonly writtenAt: (path: string) => string | undefined;
}

/** The configuration; undefined when it cannot be used, after all its problems are printed. An existing file wins over the environment. */
export async function readConfig(context: CommandContext): Promise<Config | undefined> {
  return (await readConfigSource(context))?.config;
}

/** As `readConfig`, with what it takes to read it again. */
export async function readConfigSource({
  args,
  env,
  printError,
}: CommandContext): Promise<ReadConfig | undefined> {
  const replicas = args.replica?.count;
  const path = args.configFile ?? FLAGS["config.file"].default;
  const fromFile = await loadConfig(path, env, replicas);
  const mayBeEnvironment = !fromFile.ok && fromFile.reason === "missing" && args.configFile === undefined;
  const fromEnvironment = mayBeEnvironment ? await configFromEnv(env, replicas) : undefined;
  if (fromEnvironment !== undefined) {
    const config = report(fromEnvironment, "environment", printError);
    if (config === undefined || !fromEnvironment.ok) return undefined;
    return { config, source: undefined, writtenAt: fromEnvironment.writtenAt };
  }
  const config = report(fromFile, path, printError);
  if (config === undefined || !fromFile.ok) return undefined;
  const { hash, files, secretFiles, writtenAt } = fromFile;
  return {
    config,
    writtenAt,
    source: { file: path, load: () => loadConfig(path, env, replicas), hash, files, secretFiles },
  };
}

function report(
  result: LoadResult,
  source: string,
  printError: CommandContext["printError"],
): Config | undefined {
  if (!result.ok)
    for (const problem of result.problems) printError(`${formatWithExcerpt(source, problem)}\n`);
  for (const warning of result.warnings) printError(`${formatProblem(source, warning)} (warning)\n`);
  if (result.ok) return result.config;
  if (result.reason === "missing") printError(WAYS_TO_START);
  return undefined;
}

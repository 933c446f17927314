import { loadClientConfig, PLAIN_CLIENT } from "../config/client-config.ts";
import { formatProblem } from "../document/problems.ts";
import type { DaemonClient } from "./ask-daemon.ts";
import type { CommandContext } from "./command.ts";

/** The daemon at `--from` as a client sees it; undefined when `--http.config.file` cannot be used, after its problems are printed. */
export async function readDaemonClient(
  { args, env, clock, printError }: CommandContext,
  origin: string,
): Promise<DaemonClient | undefined> {
  const { httpConfigFile: path, httpTimeoutMs: timeoutMs } = args;
  if (path === undefined) return { origin, client: PLAIN_CLIENT, timeoutMs, clock };
  const result = await loadClientConfig(path, env);
  if (result.ok) return { origin, client: result.client, timeoutMs, clock };
  for (const problem of result.problems) printError(`${formatProblem(path, problem)}\n`);
  return undefined;
}

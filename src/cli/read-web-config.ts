import { formatProblem } from "../document/problems.ts";
import { loadWebConfig } from "../http/web-config/load.ts";
import { OPEN, type WebSettings } from "../http/web-config/settings.ts";
import type { CommandContext } from "./command.ts";

/** The web config that `--web.config.file` names; undefined when it cannot be used, after all its problems are printed. */
export async function readWebConfig(
  { args: { webConfigFile: path }, printError }: Pick<CommandContext, "args" | "printError">,
  whyNoPasswords?: () => Promise<string | undefined>,
): Promise<WebSettings | undefined> {
  if (path === undefined) return OPEN;
  const { result } = await loadWebConfig(path, whyNoPasswords);
  if (result.kind === "good") return result.settings;
  for (const problem of result.problems) printError(`${formatProblem(path, problem)}\n`);
  return undefined;
}

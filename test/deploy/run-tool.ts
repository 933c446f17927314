import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const DEBIAN_PACKAGES = { promtool: "prometheus", amtool: "prometheus-alertmanager" } as const;
export type Tool = keyof typeof DEBIAN_PACKAGES;

/** Where to look for the tools: in PATH (`""`), and in the folder that PROM3_BIN names, for a second version. */
export const TOOL_FOLDERS: readonly string[] = [
  "",
  ...(process.env["PROM3_BIN"] ?? "").split(":").filter(Boolean),
];

/** Runs a tool to its end; throws where it is missing, since a check that was skipped would count as passed. */
export async function runTool(
  tool: Tool,
  args: readonly string[],
  folder = "",
): Promise<{ readonly status: number; readonly output: string }> {
  const command = folder === "" ? tool : join(folder, tool);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  try {
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { status: Number(status), output: `${stdout}${stderr}` };
  } catch (error) {
    throw new Error(`Cannot run ${command}: install the Debian package ${DEBIAN_PACKAGES[tool]}`, {
      cause: error,
    });
  }
}

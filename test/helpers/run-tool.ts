import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { prometheusProgram, type PrometheusVersion } from "./prometheus-tools.ts";

/**
 * Runs a tool to its end, with `input` to read; rejects where it is missing, since a check that was skipped would count
 * as passed.
 */
export async function runTool(
  tool: "promtool" | "amtool",
  args: readonly string[],
  version: PrometheusVersion = "2.x",
  input = "",
): Promise<{ readonly status: number; readonly output: string }> {
  const { command, whenMissing } = prometheusProgram(version, tool);
  const child = spawn(command, args, { stdio: "pipe" });
  // It may end before it has read all, and says why on its standard error.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  try {
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { status: Number(status), output: `${stdout}${stderr}` };
  } catch (error) {
    throw new Error(`Cannot run ${command}: ${whenMissing}`, { cause: error });
  }
}

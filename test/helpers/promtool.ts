import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { prometheusProgram } from "./prometheus-tools.ts";

/** Runs `promtool check metrics` on a text exposition; resolves to what it objects to, `""` when to nothing. Rejects when there is no promtool. */
export async function promtoolObjections(exposition: string): Promise<string> {
  const { command, whenMissing } = prometheusProgram("2.x", "promtool");
  const child = spawn(command, ["check", "metrics"]);
  const started = once(child, "spawn").catch((cause: unknown) => {
    throw new Error(`Cannot start promtool: ${whenMissing}`, { cause });
  });
  await started;
  // It may end before it has read all, and says why on its standard error.
  child.stdin.on("error", () => undefined);
  child.stdin.end(exposition);
  const closed = once(child, "close");
  const output = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await closed;
  return output.join("") + (code === 0 ? "" : `promtool ended with ${code}\n`);
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { runTool } from "./run-tool.ts";

/** What promtool has to say against the expressions; `""` when all of them parse. */
export async function promqlProblems(expressions: readonly string[]): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "promql-"));
  try {
    const path = join(directory, "rules.yaml");
    const rules = expressions.map((expr, index) => ({ record: `test:expression:${index}`, expr }));
    writeFileSync(path, stringify({ groups: [{ name: "expressions", rules }] }));
    const { status, output } = await runTool("promtool", ["check", "rules", "--lint=none", path]);
    return status === 0 ? "" : output;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

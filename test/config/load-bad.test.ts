import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/document/problems.ts";

const folder = join(import.meta.dirname, "bad");
const env = { TOKEN: "cfut_CANARY-from-the-environment", EMPTY: "" };
const EXPECT = "# expect: ";

/** Each file starts with the messages that it must give, one `# expect: ` line for each, in order. */
function readBad(name: string) {
  const text = readFileSync(join(folder, name), "utf8");
  const expected = text.split("\n").filter((line) => line.startsWith(EXPECT));
  return { text, expected: expected.map((line) => line.slice(EXPECT.length)) };
}

async function messagesOf(text: string): Promise<readonly string[]> {
  const result = await parseConfig(text, { file: join(folder, "config.yaml"), env });
  return result.ok ? [] : result.problems.map((problem) => formatProblem("config.yaml", problem));
}

const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

test("parseConfig() is tried on a good number of wrong files", () => {
  expect(files.length).toBeGreaterThan(100);
});

describe("parseConfig() reports line, path and what was expected, and never a secret", () => {
  test.each(files)("%s", async (name) => {
    const { text, expected } = readBad(name);
    const messages = await messagesOf(text);
    expect(expected).not.toEqual([]);
    expect(messages).toEqual(expected);
    expect(messages.join("\n")).not.toContain("CANARY");
  });
});

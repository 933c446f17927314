import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codeBlocksOf, tableOf, termsIn } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const performance = page("docs/performance.md");
const bench = readFileSync("bench/main.ts", "utf8");

/** The entries of a literal of the bench's main file, which cannot be imported without a run. */
function wordsIn(pattern: RegExp): readonly string[] {
  return [...(pattern.exec(bench)?.[1] ?? "").matchAll(/(?<=^ {2}|")[a-z]+/gm)].map(([word]) => word);
}

const scenarios = wordsIn(/SCENARIOS[^=]*=> Promise<Report>>> = \{([^}]*)\}/);

test("docs/performance.md has every scenario of the bench, and says which of them CI runs", () => {
  const rows = tableOf(performance, "| `--only=` | what it measures |").flatMap(([name = ""]) =>
    termsIn(name),
  );
  expect(rows).toEqual(scenarios);
  const checked = wordsIn(/CHECKED = \[([^\]]*)\]/);
  const list = new Intl.ListFormat("en-GB").format(checked.map((name) => `\`${name}\``));
  expect(performance).toContain(`runs ${list} and ends with 1`);
});

test("docs/performance.md has a command behind each of its figures", () => {
  const commands = codeBlocksOf(performance, "sh").map((code) => code.trim());
  expect(commands.length).toBe(performance.match(/^## (?!All scenarios)/gm)?.length);
  const only = commands.map((command) => /^npm run bench -- --only=([a-z]+)$/.exec(command)?.[1] ?? "");
  expect(only.filter((name) => !scenarios.includes(name))).toEqual([]);
});

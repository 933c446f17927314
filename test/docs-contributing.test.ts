import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tableOf, termsIn } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const contributing = page("CONTRIBUTING.md");
const { scripts, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

test("CONTRIBUTING.md has every script of npm, and no other", () => {
  const rows = tableOf(contributing, "| `npm run` | what it does |").flatMap(([names = ""]) =>
    termsIn(names),
  );
  expect(rows.toSorted()).toEqual(Object.keys(scripts).toSorted());
});

test("CONTRIBUTING.md has the steps of the gate in their order", () => {
  const steps = [...(scripts["check"] ?? "").matchAll(/npm run ([\w:]+)/g)].map(
    ([, name = ""]) => `\`${name}\``,
  );
  expect(contributing).toContain(`the gate: ${steps.join(", ")}`);
});

test("CONTRIBUTING.md says which Node is brought", () => {
  expect(contributing).toContain(
    `brings Node ${devDependencies["node"]?.split(".")[0]} as the dev dependency`,
  );
});

test("every line of the changelog has a mark of CONTRIBUTING.md, and is a sentence", () => {
  const marks = tableOf(contributing, "| mark | for |").flatMap(([mark = ""]) => termsIn(mark));
  const lines = page("CHANGELOG.md")
    .split("\n")
    .filter((line) => line.startsWith("- "));
  expect(lines.length).toBeGreaterThan(20);
  const wrong = lines.filter(
    (line) => !marks.some((mark) => line.startsWith(`- ${mark} `)) || !line.endsWith("."),
  );
  expect(wrong).toEqual([]);
});

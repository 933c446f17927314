import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

/** The paths that match, in `folder`, without their endings. */
function stems(folder: string, ending: string): readonly string[] {
  return globSync(`${folder}/**/*${ending}`).map((path) =>
    path.replaceAll("\\", "/").slice(folder.length + 1, -ending.length),
  );
}

const sources = stems("src", ".ts");
const rooms = new Set(sources.map((source) => dirname(source)).filter((room) => room !== "."));
const tests = stems("test", ".test.ts");
const testsOfRooms = tests.filter((path) => rooms.has(dirname(path)));

/** The file that a test is named for: `<file>` or `<file>-<aspect>`; of two the one that says more. */
function subjectOf(path: string): string | undefined {
  return sources
    .filter((source) => path === source || path.startsWith(`${source}-`))
    .toSorted((a, b) => b.length - a.length)[0];
}

const subjects = new Set(testsOfRooms.map(subjectOf));

/** Who imports whom: of each file those that import it. */
const usersOf = Map.groupBy(
  sources.flatMap((user) => {
    const text = readFileSync(`src/${user}.ts`, "utf8");
    return [...text.matchAll(/\bfrom "(?<path>\.[^"]+)\.ts"/g)].map((match) => ({
      user,
      used: normalize(join(dirname(user), match.groups?.["path"] ?? "")),
    }));
  }),
  ({ used }) => used,
);

/** Whether a file has tests, or one that uses it, and so on; imports go in no circle. */
function isTested(source: string): boolean {
  return subjects.has(source) || (usersOf.get(source) ?? []).some(({ user }) => isTested(user));
}

test("each test of a room is named for a file of that room", () => {
  expect(testsOfRooms.length).toBeGreaterThan(100);
  expect(testsOfRooms.filter((path) => subjectOf(path) === undefined)).toEqual([]);
});

test("each file of a room has tests of its own, or those who use it have", () => {
  expect(usersOf.get("base/clock")?.length).toBeGreaterThan(5);
  expect(sources.filter((source) => source !== "main" && !isTested(source))).toEqual([]);
});

test("what tests share is in helpers, but for what belongs to the story and the golden files", () => {
  const elsewhere = /^(?:helpers|e2e\/story|metrics\/golden)\/|^vitest\.(?:e2e\.)?config$/;
  const shared = stems("test", ".ts").filter((path) => !path.endsWith(".test"));
  expect(shared.filter((path) => !elsewhere.test(path))).toEqual([]);
});

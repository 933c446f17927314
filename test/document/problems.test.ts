import { expect, test } from "vitest";
import { formatPath } from "../../src/document/path.ts";
import { formatProblem, sortProblems } from "../../src/document/problems.ts";

const problem = (line: number, column: number, message: string) => ({ line, column, path: "a", message });

test("formatPath() writes keys, indexes and odd keys", () => {
  expect(formatPath(["accounts", 0, "api_token_file"])).toBe("accounts[0].api_token_file");
  expect(formatPath(["labels", "a b", "c-d"])).toBe('labels["a b"].c-d');
  expect(formatPath([])).toBe("");
});

test("formatProblem() writes file, line and path as far as they are known", () => {
  expect(
    formatProblem("config.yaml", { line: 14, column: 3, path: "poll.interval", message: "expected x" }),
  ).toBe("config.yaml:14: poll.interval: expected x");
  expect(formatProblem("config.yaml", { line: 2, path: "", message: "wrong" })).toBe("config.yaml:2: wrong");
  expect(formatProblem("config.yaml", { path: "", message: "no such file" })).toBe(
    "config.yaml: no such file",
  );
});

test("sortProblems() sorts by line and column and keeps each problem once", () => {
  const whole = { path: "", message: "whole" };
  const sorted = sortProblems([
    problem(3, 1, "c"),
    problem(1, 5, "b"),
    problem(1, 2, "a"),
    problem(3, 1, "c"),
    whole,
  ]);
  expect(sorted.map(({ message }) => message)).toEqual(["whole", "a", "b", "c"]);
});

import { globSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { FAILURE_KINDS } from "../src/domain/failure.ts";
import { classifyReason } from "../src/domain/reason.ts";
import { codeBlocksOf, tableOf, termsIn } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const metrics = page("docs/metrics.md");

test("docs/metrics.md has every kind of failure, and no other", () => {
  expect(tableOf(metrics, "| kind | the last poll |").flatMap(([kind = ""]) => termsIn(kind))).toEqual(
    FAILURE_KINDS,
  );
});

test("docs/metrics.md has every class of reason that has a runbook, each with a text that is of it", () => {
  const rows = tableOf(metrics, "| class | a text such as |").map(([name = "", text = ""]) => [
    termsIn(name).join(""),
    text,
  ]);
  const runbooks = globSync("docs/runbooks/reason-*.md").map((path) =>
    basename(path, ".md").slice("reason-".length),
  );
  expect(new Set(rows.map(([name]) => name))).toEqual(new Set(runbooks));
  const texts = rows.map(([name = "", text = ""]) => [name, name === "none" ? "" : text] as const);
  for (const [name, text] of texts) expect([text, classifyReason(text, [])]).toEqual([text, name]);
});

test("docs/metrics.md has PromQL to paste", () => {
  expect(codeBlocksOf(metrics, "promql").join("").match(/^# /gm)?.length).toBeGreaterThan(5);
});

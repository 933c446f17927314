import { expect, test } from "vitest";
import { parseCommandLine } from "../src/cli/command-line.ts";
import { DRILL_STORIES, type DrillStory } from "../src/simulator/drill.ts";
import { codeBlocksOf, tableOf, termsIn } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";
import { readRules } from "./helpers/rule-files.ts";

const drill = page("docs/fire-drill.md");
const stories = tableOf(drill, "| story | what happens | minutes | who is told |");
const alerts = new Set(readRules().flatMap(({ alert }) => alert ?? []));

test("docs/fire-drill.md has every story, with its length and alerts that exist", () => {
  expect(stories.map(([name, , minutes]) => [termsIn(name ?? "")[0], Number(minutes)])).toEqual(
    Object.entries(DRILL_STORIES).map(([name, { minutes }]) => [name, minutes]),
  );
  for (const [, , , told = ""] of stories) {
    expect(termsIn(told).length).toBeGreaterThan(0);
    expect(termsIn(told).filter((alert) => !alerts.has(alert))).toEqual([]);
  }
});

test("docs/fire-drill.md has commands with flags that exist, and a story", () => {
  const commands = codeBlocksOf(drill, "sh")
    .flatMap((block) => block.split("\n"))
    .flatMap((line) => /dist\/main\.js (?<args>.+)$/.exec(line)?.groups?.["args"] ?? [])
    .map((args) => parseCommandLine(args.split(" ")));
  expect(commands.map(({ command }) => command)).toEqual(["simulate", "check", "run"]);
  const told: readonly string[] = commands.flatMap((command) => command.stories);
  expect(told).toEqual(["outage" satisfies DrillStory]);
});

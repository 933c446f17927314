import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { historyJson, interconnectJson } from "../src/http/routes/interconnect-json.ts";
import { answer, entryAfter, failure, instant } from "./helpers/entry-builder.ts";

const api = readFileSync("docs/api.md", "utf8");

/** The first column of each table, in order. */
function tables(): readonly (readonly string[])[] {
  return api
    .split("| field | meaning |\n|---|---|\n")
    .slice(1)
    .map((text) =>
      [...(text.split("\n\n")[0] ?? "").matchAll(/^\| `(\w+)`/gm)].map(([, field = ""]) => field),
    );
}

test("docs/api.md lists every field in the order in which it is sent, and no other", () => {
  const entry = entryAfter([answer(instant(1), "Down"), failure(instant(2), "tls")]);
  const one = interconnectJson(entry, undefined, instant(3));
  const { changes, polls, failures } = historyJson(entry.history);
  expect(tables()).toEqual([
    ["now", "interconnects"],
    [...Object.keys(one), "history"],
    Object.keys(changes[0] ?? {}),
    Object.keys(polls[0] ?? {}),
  ]);
  expect(polls.map(Object.keys)).toEqual([Object.keys(polls[0] ?? {}), Object.keys(polls[0] ?? {})]);
  expect(Object.keys(failures[0] ?? {})).toEqual(Object.keys(polls[0] ?? {}));
  for (const key of [...Object.keys(one.info), "changes", "polls", "failures"])
    expect(api).toContain(`\`${key}\``);
});

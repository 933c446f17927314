import { afterAll, beforeAll, expect, test } from "vitest";
import { FLAGS } from "../src/cli/flags.ts";
import { historyJson, interconnectJson } from "../src/http/routes/interconnect-json.ts";
import { probeTargets } from "../src/http/routes/sd-route.ts";
import { FORMATS } from "../src/metrics/exposition.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  entryAfter,
  failure,
  instant,
  planned,
  replay,
} from "./helpers/entry-builder.ts";
import { type HttpSubject, httpSubject } from "./helpers/http-subject.ts";
import { tableOf, tablesOf, termsIn } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const http = page("docs/http.md");
const labels = { circuit_id: "XC-20417" };
const state = replay([planned(buildPlan([buildTarget("icon-ewr-01", { labels })]))]);
const routes = new Set<string>();
let subject: HttpSubject;

beforeAll(async () => {
  subject = httpSubject({ observe: (handler) => void routes.add(handler) });
  await subject.app.ready();
});

afterAll(() => subject[Symbol.asyncDispose]());

test("docs/http.md has every route of the server, and no other", () => {
  const described = tableOf(http, "| path | what |").flatMap(([path = ""]) => termsIn(path));
  const served = [...routes].map((route) => route.replaceAll(/:(\w+)/g, "{$1}"));
  expect(described.toSorted()).toEqual(served.toSorted());
});

test("docs/http.md has the content types of /metrics, and the default of its bound", () => {
  for (const type of Object.values(FORMATS)) expect(http).toContain(`\`${type}\``);
  expect(http).toContain(`at most \`--web.max-requests\` (${FLAGS["web.max-requests"].default})`);
  expect(http).toContain(`The port is ${FLAGS["web.listen-address"].default.slice(1)}`);
});

test("docs/http.md has every label that /sd gives a target, and no other", () => {
  const [target] = probeTargets(state, { host: "localhost:13335", scheme: "http", path: "/probe" });
  const described = tableOf(http, "| label | value |").flatMap(([names = ""]) => termsIn(names));
  const given = Object.keys(target?.labels ?? {}).map((label) =>
    label.replace("label_circuit_id", "label_KEY"),
  );
  expect(described.toSorted()).toEqual(given.toSorted());
});

test("docs/http.md has every field of the JSON API in the order in which it is sent, and no other", () => {
  const entry = entryAfter([answer(instant(1), "Down"), failure(instant(2), "tls")]);
  const one = interconnectJson(entry, undefined, instant(3));
  const { changes, polls, failures } = historyJson(entry.history);
  const described = tablesOf(http, "| field | meaning |").map((rows) =>
    rows.flatMap(([field = ""]) => termsIn(field)),
  );
  expect(described).toEqual([
    ["now", "interconnects"],
    [...Object.keys(one), "history"],
    Object.keys(changes[0] ?? {}),
    Object.keys(polls[0] ?? {}),
  ]);
  expect(polls.map(Object.keys)).toEqual([Object.keys(polls[0] ?? {}), Object.keys(polls[0] ?? {})]);
  expect(Object.keys(failures[0] ?? {})).toEqual(Object.keys(polls[0] ?? {}));
  for (const key of [...Object.keys(one.info), "changes", "polls", "failures"])
    expect(http).toContain(`\`${key}\``);
});

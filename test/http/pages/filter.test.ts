import * as fc from "fast-check";
import { expect, test } from "vitest";
import { groupsByMember } from "../../../src/domain/group.ts";
import { NO_INFO } from "../../../src/domain/target.ts";
import { createMatch, hasEmpty, NO_FILTER, parseQuery, queryText } from "../../../src/http/pages/filter.ts";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../../helpers/entry-builder.ts";
import { hostileText } from "../../helpers/hostile-text.ts";

const TARGETS = [
  buildTarget("icon-ewr-01", {
    info: { ...NO_INFO, site: "ewr-a", device: "ccr01.ewr" },
    labels: { circuit_id: "XC-20417", provider: "Example Carrier" },
  }),
  buildTarget("icon-lhr-01", { info: { ...NO_INFO, region: "europe-west2" } }),
  buildTarget("icon-lab-01", { account: "lab" }),
];
const GROUPS = [{ name: "newyork", members: ["production/icon-ewr-01"], minHealthy: 1 }];
const STATE = replay([
  planned(buildPlan(TARGETS, { groups: GROUPS })),
  answer(instant(1), "Down", "No light on port 7", TARGETS[0]?.key),
  answer(instant(1), "Healthy", undefined, TARGETS[1]?.key),
]);

function found(query: string): string[] {
  const values = new URLSearchParams(query);
  const { filter } = parseQuery(
    Object.fromEntries([...new Set(values.keys())].map((key) => [key, values.getAll(key)])),
  );
  const matches = createMatch(filter, groupsByMember(GROUPS));
  return STATE.entries.all.filter(matches).map(({ target }) => target.interconnect);
}

test.each([
  ["", ["icon-ewr-01", "icon-lhr-01", "icon-lab-01"]],
  ["q=xc-20417", ["icon-ewr-01"]],
  ["q=LIGHT", ["icon-ewr-01"]],
  ["q=no_light&q=carrier", ["icon-ewr-01"]],
  ["q=no_light&q=lhr", []],
  ["q=ccr01", ["icon-ewr-01"]],
  ["q=newyork", ["icon-ewr-01"]],
  ["account=lab", ["icon-lab-01"]],
  ["account=lab&account=production", ["icon-ewr-01", "icon-lhr-01", "icon-lab-01"]],
  ["site=europe-west2", ["icon-lhr-01"]],
  ["group=newyork", ["icon-ewr-01"]],
  ["group=nowhere", []],
  ["state=down&state=Unknown", ["icon-ewr-01", "icon-lab-01"]],
  ["state=Down&account=lab", []],
  ["q=&account=&site=", ["icon-ewr-01", "icon-lhr-01", "icon-lab-01"]],
])("the filter %s finds %j", (query, names) => {
  expect(found(query)).toEqual(names);
});

test("queryText() says the same again, page and wall screen included", () => {
  const filter = { ...NO_FILTER, q: ["a b", "&"], site: ["ewr-a", "lhr-a"] };
  expect(queryText({ filter, page: 3, tv: true })).toBe("?tv&q=a+b&q=%26&site=ewr-a&site=lhr-a&page=3");
  expect(queryText({ filter: NO_FILTER, page: 1, tv: false })).toBe("");
  fc.assert(
    fc.property(hostileText, hostileText, (q, group) => {
      const query = parseQuery({ q, group: [group, "x"], page: "2" });
      const text = queryText(query);
      const values = new URLSearchParams(text);
      expect(parseQuery({ q: values.getAll("q"), group: values.getAll("group"), page: "2" })).toEqual(query);
    }),
  );
});

test.each(["0", "-1", "1.5", "x", "99999999999", ""])("a page of %j is the first", (page) => {
  expect(parseQuery({ page }).page).toBe(1);
});

test("a hostile query is bounded", () => {
  const { q } = parseQuery({ q: Array.from({ length: 1000 }, (_, n) => `${n}${"x".repeat(5000)}`) }).filter;
  expect([q.length, Math.max(...q.map(({ length }) => length))]).toEqual([50, 1024]);
});

test("hasEmpty() knows what a form sends for nothing", () => {
  expect([hasEmpty({ q: "" }), hasEmpty({ site: ["a", ""] }), hasEmpty({ tv: "", q: "a" })]).toEqual([
    true,
    true,
    false,
  ]);
});

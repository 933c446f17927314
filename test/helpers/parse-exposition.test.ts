import { expect, test } from "vitest";
import { parseExposition } from "./parse-exposition.ts";

const HEAD = "# HELP a_total h\n# TYPE a_total counter\n";

test("parseExposition() reads rows, escapes and odd values of both formats", () => {
  const rows = 'a_total{x="q\\"b\\\\n\\n",y=""} 1\na_total +Inf\n';
  const text = parseExposition(HEAD + rows, "text");
  const open = parseExposition(
    `# HELP a h\\"\n# TYPE a counter\n${rows}# HELP g g\n# TYPE g gauge\ng -1.5e-7\n# EOF\n`,
    "openmetrics",
  );
  const samples = [
    { name: "a_total", labels: { x: 'q"b\\n\n', y: "" }, value: 1 },
    { name: "a_total", labels: {}, value: Number.POSITIVE_INFINITY },
  ];
  expect(text.get("a_total")).toEqual({ name: "a_total", help: "h", type: "counter", samples });
  expect(open.get("a")).toEqual({ name: "a", help: 'h"', type: "counter", samples });
  expect(open.get("g")?.samples).toEqual([{ name: "g", labels: {}, value: -1.5e-7 }]);
});

test.each([
  ["no last line feed", `${HEAD}a_total 1`],
  ["a HELP twice", `${HEAD}a_total 1\n${HEAD}`],
  ["a family in two places", `${HEAD}# HELP b h\n# TYPE b gauge\nb 1\na_total 1\n`],
  ["no TYPE", "# HELP a h\na 1\n"],
  ["no HELP", "# TYPE a gauge\na 1\n"],
  ["a type that breaks scrapers", "# HELP a h\n# TYPE a info\n"],
  ["the same row twice", `${HEAD}a_total{x="1",y="2"} 1\na_total{y="2",x="1"} 1\n`],
  ["a label twice", `${HEAD}a_total{x="1",x="2"} 1\n`],
  ["an unknown escape", `${HEAD}a_total{x="\\t"} 1\n`],
  ["an open quote", `${HEAD}a_total{x="} 1\n`],
  ["a timestamp", `${HEAD}a_total 1 1800000000\n`],
  ["no number", `${HEAD}a_total one\n`],
  ["empty braces", `${HEAD}a_total{} 1\n`],
  ["a comma too many", `${HEAD}a_total{x="1",} 1\n`],
  ["a negative counter", `${HEAD}a_total -1\n`],
  ["a comment of another kind", `${HEAD}# note\n`],
  ["EOF in text", `${HEAD}a_total 1\n# EOF\n`],
  ["a lone surrogate", `${HEAD}a_total{x="\ud83d"} 1\n`],
  [
    "falling buckets",
    '# HELP h h\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_count 1\n',
  ],
  ["a count that differs", '# HELP h h\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_count 2\n'],
])("parseExposition() refuses text with %s", (_what, text) => {
  expect(() => parseExposition(text, "text")).toThrow(SyntaxError);
});

test.each([
  ["no EOF", "# HELP a h\n# TYPE a gauge\na 1\n"],
  ["something after EOF", "# EOF\n# EOF\na 1\n"],
  ["an empty line", "# HELP a h\n# TYPE a gauge\na 1\n\n# EOF\n"],
  ["a counter family with _total", `${HEAD}a_total 1\n# EOF\n`],
  ["a counter row without _total", "# HELP a h\n# TYPE a counter\na 1\n# EOF\n"],
  [
    "one name in two families",
    '# HELP a h\n# TYPE a counter\na_total 1\n# HELP a_total h\n# TYPE a_total gauge\na_total{x="1"} 1\n# EOF\n',
  ],
])("parseExposition() refuses OpenMetrics with %s", (_what, text) => {
  expect(() => parseExposition(text, "openmetrics")).toThrow(SyntaxError);
});

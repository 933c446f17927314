import { expect, test } from "vitest";
import { isPassed, printReport } from "../../bench/report.ts";

const CHECKS = [
  { name: "kept", unit: "ratio", value: 1.5, limit: 2 },
  { name: "missed", unit: "ms", value: 25, limit: 20 },
] as const;

test("printReport() lines columns up, and says of each limit whether it was kept", () => {
  let text = "";
  const rows = [
    { n: 10, "p50 ms": 0.12345 },
    { n: 10_000, "p50 ms": 123.456 },
  ];
  printReport({ title: "Title", rows, checks: CHECKS }, (part) => {
    text += part;
  });
  expect(text).toBe(`
Title
      n  p50 ms
     10   0.123
  10000     123
  ok   kept: 1.50, at most 2
  MISS missed: 25, at most 20
`);
  expect(CHECKS.map(isPassed)).toEqual([true, false]);
});

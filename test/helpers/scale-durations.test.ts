import { expect, test } from "vitest";
import { scaleDurations } from "./scale-durations.ts";

test("scaleDurations() divides the durations of groups and rules", () => {
  expect(
    scaleDurations(
      "groups:\n- interval: 30s\n  rules:\n  - alert: A\n    for: 2m\n    keep_firing_for: 1h30m\n",
      20,
    ),
  ).toBe(
    "groups:\n  - interval: 1s500ms\n    rules:\n      - alert: A\n        for: 6s\n        keep_firing_for: 4m30s\n",
  );
});

test.each([
  ["rate(x[5m])", "rate(x[15s])"],
  ["sum_over_time(x[1d:5m])", "sum_over_time(x[1h12m:15s])"],
  ["max_over_time(x[10m:])", "max_over_time(x[30s:])"],
  ["x offset 5m - x offset -1h", "x offset 15s - x offset -3m"],
  ["x[1ms]", "x[1ms]"],
  ['x{a="[5m]", b=~"offset 5m|[0-9]"}', 'x{a="[5m]", b=~"offset 5m|[0-9]"}'],
  ['label_replace(x[5m], "a", "\\"[5m]", `[5m]`)', 'label_replace(x[15s], "a", "\\"[5m]", `[5m]`)'],
  ["x < 14 * 86400", "x < 14 * 86400"],
])("scaleDurations() turns %s into %s", (from, to) => {
  const scaled = scaleDurations(`rules:\n  - expr: |\n      ${from}\n`, 20);
  expect(scaled).toBe(`rules:\n  - expr: |\n      ${to}\n`);
});

test("scaleDurations() leaves labels, annotations and comments alone", () => {
  const text =
    "# every 5m\nrules:\n  - labels:\n      for: 5m\n    annotations:\n      description: in [5m]\n      expr: x[5m]\n";
  expect(scaleDurations(text, 20)).toBe(text);
});

test("scaleDurations() refuses a duration that it cannot read", () => {
  expect(() => scaleDurations("for: soon\n", 20)).toThrow(
    'Cannot scale "soon": expected a duration such as 5m',
  );
});

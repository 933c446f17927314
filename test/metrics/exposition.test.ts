import * as fc from "fast-check";
import { Counter, Gauge, Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import {
  exposition,
  type Family,
  formatValue,
  header,
  row,
  type Sample,
} from "../../src/metrics/exposition.ts";
import { hostileText } from "../helpers/hostile-text.ts";
import { parseExposition } from "../helpers/parse-exposition.ts";

interface Filled extends Family {
  readonly labelNames: readonly string[];
  readonly samples: readonly Sample[];
}

const value = fc.oneof(
  fc.nat(),
  fc.double({ min: 0, max: 1e300, noNaN: true }),
  fc.constantFrom(
    0,
    -1,
    1,
    1e21,
    1e-7,
    1_800_000_000.123,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ),
);

/** One family, named by its place, with distinct label sets. */
function filled(index: number): fc.Arbitrary<Filled> {
  return fc
    .record({
      type: fc.constantFrom("counter" as const, "gauge" as const),
      help: hostileText.map((text) => `Help${text}`),
      labelNames: fc.uniqueArray(fc.constantFrom("account", "interconnect", "reason", "state"), {
        minLength: 1,
      }),
      rows: fc.array(fc.tuple(fc.array(hostileText, { minLength: 4, maxLength: 4 }), value), {
        maxLength: 5,
      }),
    })
    .map(({ type, help, labelNames, rows }) => {
      const samples = new Map<string, Sample>();
      for (const [texts, number] of rows) {
        const labels = labelNames.map((name, place) => [name, texts[place] ?? ""] as const);
        // prom-client's counters take finite numbers from 0 on alone.
        const kept = type === "counter" && !(Number.isFinite(number) && number >= 0) ? 1 : number;
        samples.set(JSON.stringify(labels), { labels, value: kept });
      }
      const name = `family_${index}${type === "counter" ? "_total" : ""}`;
      return { name, type, help, labelNames, samples: [...samples.values()] };
    });
}

const families = fc.tuple(filled(0), filled(1), filled(2));

function render(all: readonly Filled[], format: "text" | "openmetrics"): string {
  const blocks = all.map((family) => ({
    family,
    rows: family.samples.map((sample) => row(family.name, "", sample)).join(""),
  }));
  return exposition(blocks, format);
}

describe("exposition()", () => {
  test("in text is byte for byte what prom-client prints for the same samples", async () => {
    await fc.assert(
      fc.asyncProperty(families, async (all) => {
        const registry = new Registry();
        for (const { name, type, help, labelNames, samples } of all) {
          const options = { name, help, labelNames, registers: [registry] };
          if (type === "gauge") {
            const gauge = new Gauge(options);
            for (const sample of samples) gauge.set(Object.fromEntries(sample.labels), sample.value);
          } else {
            const counter = new Counter(options);
            for (const sample of samples) counter.inc(Object.fromEntries(sample.labels), sample.value);
          }
        }
        expect(render(all, "text")).toBe(await registry.metrics());
      }),
      { numRuns: 200 },
    );
  });

  test.each(["text", "openmetrics"] as const)(
    "in %s reads back as it was, whatever the labels hold",
    (format) => {
      fc.assert(
        fc.property(families, (all) => {
          const parsed = parseExposition(render(all, format), format);
          const expected = all.map(({ name, help, type, samples }) => {
            const shown = format === "openmetrics" && type === "counter" ? name.replace("_total", "") : name;
            const rows = samples.map((each) => ({
              name,
              labels: Object.fromEntries(each.labels),
              value: each.value,
            }));
            return { name: shown, help, type, samples: rows };
          });
          expect([...parsed.values()]).toEqual(expected);
        }),
      );
    },
  );

  test("of nothing is valid", () => {
    expect(exposition([], "text")).toBe("");
    expect(exposition([], "openmetrics")).toBe("# EOF\n");
  });

  test("shows the families and rows as a person expects them", () => {
    const family = { name: "polls_total", help: 'Polls "finished".', type: "counter" } as const;
    const blocks = [
      { family, rows: 'polls_total{account="a"} 1\n' },
      { family: { name: "up", help: "1.", type: "gauge" }, rows: "up 1\n" } as const,
    ];
    expect(exposition(blocks, "text")).toBe(
      [
        '# HELP polls_total Polls "finished".',
        "# TYPE polls_total counter",
        'polls_total{account="a"} 1',
        "",
        "# HELP up 1.",
        "# TYPE up gauge",
        "up 1",
        "",
      ].join("\n"),
    );
    expect(exposition(blocks, "openmetrics")).toBe(
      [
        String.raw`# HELP polls Polls \"finished\".`,
        "# TYPE polls counter",
        'polls_total{account="a"} 1',
        "# HELP up 1.",
        "# TYPE up gauge",
        "up 1",
        "# EOF",
        "",
      ].join("\n"),
    );
  });
});

test("header() drops _total from a counter in OpenMetrics alone, and from no gauge", () => {
  const counter = { name: "a_total", help: "h", type: "counter" } as const;
  expect(header(counter, "text")).toContain("# TYPE a_total counter\n");
  expect(header(counter, "openmetrics")).toContain("# TYPE a counter\n");
  expect(header({ ...counter, type: "gauge" }, "openmetrics")).toContain("# TYPE a_total gauge\n");
});

test("row() joins labels that are written already with its own", () => {
  const sample: Sample = { labels: [["state", "Down"]], value: 1 };
  expect(row("s", 'account="a"', sample)).toBe('s{account="a",state="Down"} 1\n');
  expect(row("s", 'account="a"', { labels: [], value: 1 })).toBe('s{account="a"} 1\n');
  expect(row("s", "", sample)).toBe('s{state="Down"} 1\n');
  expect(row("s", "", { labels: [], value: 1 })).toBe("s 1\n");
});

test.each([
  [0, "0"],
  [1.25e9, "1250000000"],
  [1_800_000_000.123, "1800000000.123"],
  [1e21, "1e+21"],
  [1e-7, "1e-7"],
  [Number.NaN, "Nan"],
  [Number.POSITIVE_INFINITY, "+Inf"],
  [Number.NEGATIVE_INFINITY, "-Inf"],
])("formatValue() writes %d as %s", (number, text) => {
  expect(formatValue(number)).toBe(text);
});

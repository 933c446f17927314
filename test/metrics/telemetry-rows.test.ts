import { Counter, Gauge, Histogram, Registry, Summary } from "prom-client";
import { expect, test } from "vitest";
import { exposition } from "../../src/metrics/exposition.ts";
import { createTelemetryRows } from "../../src/metrics/telemetry-rows.ts";
import { parseExposition } from "../helpers/parse-exposition.ts";

function filledRegistry(): Registry {
  const registers = [new Registry()];
  const [registry = new Registry()] = registers;
  new Counter({ name: "polls_total", help: "Polls.", labelNames: ["account"], registers }).inc(
    { account: 'a"\\\n' },
    3,
  );
  new Gauge({ name: "ready", help: 'Says "ready"\n\\.', registers }).set(1.5);
  const histogram = new Histogram({
    name: "duration_seconds",
    help: "Durations.",
    labelNames: ["operation"],
    buckets: [0.1, 1],
    registers,
  });
  histogram.observe({ operation: "status" }, 0.5);
  histogram.observe({ operation: "list" }, 5);
  return registry;
}

/** Samples without regard to the order of labels, which prom-client's two ways of reading a histogram differ in. */
function sorted(text: string): unknown {
  return [...parseExposition(text, "text").values()].map(({ name, help, type, samples }) => ({
    name,
    help,
    type,
    // Equal records are equal in any order of their keys.
    samples: new Set(samples),
  }));
}

test("createTelemetryRows() shows the same as prom-client does, histograms included", async () => {
  const registry = filledRegistry();
  const blocks = await createTelemetryRows(registry)();
  expect(sorted(exposition(blocks, "text"))).toEqual(sorted(await registry.metrics()));
});

test("createTelemetryRows() renames no counter, however often OpenMetrics was rendered before", async () => {
  const registry = filledRegistry();
  const rows = createTelemetryRows(registry);
  const before = exposition(await rows(), "text");
  for (let count = 0; count < 3; count += 1) {
    const parsed = parseExposition(exposition(await rows(), "openmetrics"), "openmetrics");
    expect(parsed.get("polls")?.samples).toMatchObject([{ name: "polls_total", value: 3 }]);
  }
  expect(exposition(await rows(), "text")).toBe(before);
  expect(before).toContain("# TYPE polls_total counter\npolls_total{");
});

test("createTelemetryRows() shows what has happened since the reading before, however short", async () => {
  const registry = new Registry();
  const gauge = new Gauge({ name: "reload_successful", help: "Reload.", registers: [registry] });
  const rows = createTelemetryRows(registry);
  for (const value of [1, 0, 1]) {
    gauge.set(value);
    expect((await rows())[0]?.rows).toBe(`reload_successful ${value}\n`);
  }
});

test("createTelemetryRows() loses of a collector that throws its own family alone, and has it back when it recovers", async () => {
  const registry = filledRegistry();
  let broken = true;
  registry.registerMetric(
    new Gauge({
      name: "shaky",
      help: "Shaky.",
      registers: [],
      collect() {
        if (broken) throw new Error("cannot read");
        this.set(7);
      },
    }),
  );
  const rows = createTelemetryRows(registry);
  const names = async (): Promise<string[]> => (await rows()).map(({ family }) => family.name);
  expect(await names()).toEqual(["polls_total", "ready", "duration_seconds"]);
  broken = false;
  expect(await names()).toEqual(["polls_total", "ready", "duration_seconds", "shaky"]);
});

test("createTelemetryRows() leaves out a type that is no gauge, counter or histogram", async () => {
  const registry = filledRegistry();
  new Summary({ name: "summary", help: "Summary.", registers: [registry] }).observe(1);
  const blocks = await createTelemetryRows(registry)();
  expect(blocks.map(({ family }) => family.name)).not.toContain("summary");
});

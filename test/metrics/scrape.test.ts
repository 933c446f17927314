import { Gauge, Registry } from "prom-client";
import { expect, test } from "vitest";
import { createInterconnectRows } from "../../src/metrics/interconnect-rows.ts";
import { createScrape } from "../../src/metrics/scrape.ts";
import type { Scrape } from "../../src/metrics/scrape.ts";
import { createTelemetryRows } from "../../src/metrics/telemetry-rows.ts";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../helpers/entry-builder.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { parseExposition } from "../helpers/parse-exposition.ts";

function subject(): Scrape {
  const state = replay([planned(buildPlan([buildTarget()])), answer(instant(0), "Down")]);
  const registry = new Registry();
  new Gauge({ name: "own", help: "Own.", registers: [registry] }).set(1);
  return createScrape(
    () => ({ state, now: instant(1) }),
    createInterconnectRows(),
    createTelemetryRows(registry, new FakeClock()),
  );
}

test.each(["text", "openmetrics"] as const)(
  "createScrape() gives interconnects first, then the exporter itself, in %s",
  async (format) => {
    const families = parseExposition(await subject()(format, []), format);
    const names = [...families.keys()];
    expect(names[0]).toBe("cloudflare_interconnect_state");
    expect(names.at(-1)).toBe("own");
    expect(names.length).toBeGreaterThan(10);
  },
);

test("createScrape() gives of the families those that are named, in either format by the same name", async () => {
  const wanted = ["own", "cloudflare_interconnect_polls_total", "no_such_family"];
  const text = parseExposition(await subject()("text", wanted), "text");
  expect([...text.keys()]).toEqual(["cloudflare_interconnect_polls_total", "own"]);
  const open = parseExposition(await subject()("openmetrics", wanted), "openmetrics");
  expect([...open.keys()]).toEqual(["cloudflare_interconnect_polls", "own"]);
  expect(await subject()("openmetrics", ["no_such_family"])).toBe("# EOF\n");
});

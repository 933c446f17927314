import { gunzipSync } from "node:zlib";
import { Counter, Gauge, Registry } from "prom-client";
import { expect, test } from "vitest";
import { reduce } from "../../src/domain/state.ts";
import { exposition, type Format } from "../../src/metrics/exposition.ts";
import { createInterconnectRows } from "../../src/metrics/interconnect-rows.ts";
import { createScrape } from "../../src/metrics/scrape.ts";
import { createTelemetryRows } from "../../src/metrics/telemetry-rows.ts";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../helpers/entry-builder.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { parseExposition } from "../helpers/parse-exposition.ts";
import { plainBlocks } from "../helpers/plain-exposition.ts";

const FORMATS = ["text", "openmetrics"] as const satisfies readonly Format[];
const TARGETS = [buildTarget("icon-01"), buildTarget("icon-é-02")];
const STATE = "cloudflare_interconnect_state";

function subject() {
  const cell = { state: replay([planned(buildPlan(TARGETS))]) };
  const registry = new Registry();
  const counter = new Counter({ name: "own_total", help: "Own.", registers: [registry] });
  const gauge = new Gauge({ name: "own_ready", help: "Ready.", registers: [registry] });
  counter.inc(3);
  gauge.set(1);
  const clock = new FakeClock();
  const telemetry = createTelemetryRows(registry);
  const interconnects = createInterconnectRows(
    () => cell.state,
    async () => undefined,
  );
  const scrape = createScrape(interconnects, telemetry);
  async function text(format: Format, names: readonly string[] = []): Promise<string> {
    const pieces = await scrape({ format, encoding: "identity", names });
    return Buffer.concat(pieces).toString();
  }
  async function gzipped(format: Format, names: readonly string[] = []): Promise<Buffer> {
    const pieces = await scrape({ format, encoding: "gzip", names });
    return Buffer.concat(pieces);
  }
  return { cell, clock, counter, scrape, telemetry, text, gzipped };
}

test.each(FORMATS)(
  "createScrape() in %s puts the exporter's own families after the polled ones",
  async (format) => {
    const { cell, telemetry, text } = subject();
    const body = await text(format);
    expect(body).toBe(exposition([...plainBlocks(cell.state), ...(await telemetry())], format));
    expect([...parseExposition(body, format).keys()].at(-1)).toBe("own_ready");
  },
);

test.each(FORMATS)(
  "createScrape() in %s gives one gzip member of the same bytes, as things change",
  async (format) => {
    const { cell, clock, counter, text, gzipped } = subject();
    for (let nth = 1; nth < 5; nth += 1) {
      expect(gunzipSync(await gzipped(format)).toString()).toBe(await text(format));
      cell.state = reduce(
        cell.state,
        answer(instant(nth), nth % 2 === 0 ? "Down" : "Healthy", "é", TARGETS[1]?.key),
      );
      expect(gunzipSync(await gzipped(format)).toString()).toBe(await text(format));
      counter.inc();
      await clock.advance(1000);
    }
  },
);

test("createScrape() serves both formats from one state, in any order", async () => {
  const { text, gzipped } = subject();
  const before = await text("text");
  const openmetrics = await text("openmetrics");
  expect(openmetrics).toContain("# TYPE own counter\nown_total 3\n");
  expect(openmetrics.endsWith("# EOF\n")).toBe(true);
  await gzipped("openmetrics");
  expect(await text("text")).toBe(before);
  expect(before).toContain("# TYPE own_total counter\nown_total 3\n");
});

test("createScrape() compresses once for all who come while it compresses, and shows each what was when he came", async () => {
  const { cell, scrape } = subject();
  const request = { format: "text", encoding: "gzip", names: [] } as const;
  const first = scrape(request);
  cell.state = reduce(cell.state, answer(instant(1), "Down", "", TARGETS[1]?.key));
  const [second, third] = await Promise.all([scrape(request), scrape(request)]);
  expect(third[0]).toBe(second[0]);
  expect((await first)[0]).not.toBe(second[0]);
  expect(gunzipSync(second[0] ?? "").toString()).toMatch(/_state\{.*icon-é-02",state="Down"\} 1/);
});

test.each(FORMATS)("createScrape() in %s picks families by name, in either encoding", async (format) => {
  const { cell, telemetry, text, gzipped } = subject();
  for (const names of [[STATE], ["own_ready"], ["own_ready", STATE], ["none_such"]]) {
    const blocks = [...plainBlocks(cell.state), ...(await telemetry())];
    const wanted = exposition(
      blocks.filter(({ family }) => names.includes(family.name)),
      format,
    );
    expect(await text(format, names)).toBe(wanted);
    expect(gunzipSync(await gzipped(format, names)).toString()).toBe(wanted);
  }
});

test("createScrape() compresses a large body to the same bytes as it sends plain", async () => {
  const { cell, text, gzipped } = subject();
  const targets = Array.from({ length: 3000 }, (_, index) => buildTarget(`icon-${index}`));
  cell.state = replay([planned(buildPlan(targets))]);
  expect(gunzipSync(await gzipped("text")).toString() === (await text("text"))).toBe(true);
});

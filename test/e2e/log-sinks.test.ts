import { describe, expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import type { Exit } from "../helpers/child-process.ts";
import { startCommand } from "../helpers/daemon-process.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";
import { freePort } from "../helpers/free-port.ts";
import { scrape, type Scrape } from "../helpers/scrape.ts";
import { type BrokenSink, openBrokenSink, type SinkKind, SINKS } from "../helpers/sinks.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { until, untilTrue } from "../helpers/until.ts";

const NAMES = Array.from({ length: 200 }, (_, index) => `icon-ewr-${index}-steady`);
const FORMATS = ["json", "logfmt"] as const;
const SCRAPED_WITHIN_MS = 1000;
/** Less than the interval, more than a machine with two cores needs for two daemons and their API. */
const POLLED_WITHIN_SECONDS = 2;
const STOPPED_WITHIN_MS = 5000;

/** A daemon of 200 circuits whose log goes there. */
async function startLogging(sink: BrokenSink, format: (typeof FORMATS)[number]) {
  await using started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ accounts: [accountWith(NAMES)] }));
  let isAway = false;
  simulator.override({}, () => (isAway ? { status: 503, body: "upstream is away" } : undefined));
  const config = configFor(simulator, NAMES, { interval: "4s", retries: 0 });
  const port = await freePort();
  const args = ["run", `--web.listen-address=127.0.0.1:${port}`, `--log.format=${format}`];
  const options = { files: { "config.yaml": config }, stderr: sink.fd };
  const daemon = started.use(await startCommand(args, options));
  const running = started.move();
  const origin = `http://127.0.0.1:${port}`;
  return {
    ...daemon,
    origin,
    fail(): void {
      isAway = true;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** A scrape, and that it came in time. */
async function quickScrape(origin: string): Promise<Scrape> {
  await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(SCRAPED_WITHIN_MS) });
  return await scrape(origin);
}

function failedPolls({ rows }: Scrape): number {
  return rows("exporter_poll_failures_total", { kind: "server_error" })[0]?.value ?? 0;
}

/** A daemon at its start, while the API is away, and when it is stopped; how it ended. */
async function live(kind: SinkKind, format: (typeof FORMATS)[number]): Promise<Exit> {
  await using folder = await createTempFolder();
  using sink = openBrokenSink(kind, folder.path);
  await using daemon = await startLogging(sink, format);
  const { origin } = daemon;

  await untilTrue("the first round", async () => (await fetch(`${origin}/-/ready`)).ok);
  await quickScrape(origin);

  daemon.fail();
  const during = await until("each to have failed", async () => {
    const metrics = await quickScrape(origin);
    return failedPolls(metrics) >= NAMES.length ? metrics : undefined;
  });
  expect(during.value("exporter_poll_lag_seconds", {})).toBeLessThan(POLLED_WITHIN_SECONDS);
  expect((await fetch(`${origin}/-/healthy`)).status).toBe(200);

  const startMs = performance.now();
  daemon.kill("SIGTERM");
  const exit = await daemon.ended;
  expect(performance.now() - startMs).toBeLessThan(STOPPED_WITHIN_MS);
  return exit;
}

test.each(SINKS)(
  "with its log on a %s the daemon starts, serves, polls and stops, in both formats",
  async (kind) => {
    const exits = await Promise.all(FORMATS.map((format) => live(kind, format)));
    expect(exits).toEqual(FORMATS.map(() => ({ code: 0, signal: null })));
  },
);

test("a log that flows again has all lines that found room, whole and in order", async () => {
  await using folder = await createTempFolder();
  using sink = openBrokenSink("stalled pipe", folder.path);
  await using daemon = await startLogging(sink, "json");
  await untilTrue("the first round", async () => (await fetch(`${daemon.origin}/-/ready`)).ok);
  let text = "";
  await untilTrue("the line of the first round", () => {
    text += sink.read();
    return text.endsWith("\n");
  });
  // Before them are warnings of the configuration, which are no lines of the log.
  const lines = text.slice(text.indexOf("{")).trimEnd().split("\n");
  const messages = lines.map((line) => JSON.parse(line).msg);
  expect(messages.slice(0, 2)).toEqual(["Polling and serving", "First round of polls finished"]);
});

describe.each(SINKS)("with standard output and standard error on a %s", (kind) => {
  test.each([
    ["status", ["status"], 0],
    ["check of nothing", ["check", "--config.file=none.yaml"], 1],
    ["wrong usage", ["--no-such-flag"], 2],
  ])("%s ends with its own exit code", async (_, args, code) => {
    await using simulator = await startSimulator({ accounts: [accountWith(NAMES.slice(0, 3))] });
    await using folder = await createTempFolder();
    using sink = openBrokenSink(kind, folder.path);
    const files = { "config.yaml": configFor(simulator, NAMES.slice(0, 3), {}) };
    await using command = await startCommand(args, { files, stdout: sink.fd, stderr: sink.fd });
    // A reader that comes late is waited for.
    const reading = setInterval(() => sink.read(), 1500);
    const exit = await command.ended;
    clearInterval(reading);
    expect(exit).toEqual({ code, signal: null });
  });
});

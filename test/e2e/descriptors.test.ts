import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { startDaemonProcess } from "../helpers/daemon-process.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";
import { scrape } from "../helpers/scrape.ts";
import { until, untilTrue } from "../helpers/until.ts";

const NAMES = Array.from({ length: 40 }, (_, index) => `icon-ewr-${index}-steady`);

test("with 64 descriptors 200 idle clients leave health, scrapes, polls and files alone", async () => {
  await using simulator = await startSimulator({ accounts: [accountWith(NAMES)] });
  const { accounts, ...config } = configFor(simulator, NAMES, { interval: "1s", retries: 0 });
  const inFile = accounts.map((account) => ({ ...account, api_token: undefined, api_token_file: "token" }));
  await using daemon = await startDaemonProcess({
    config: { ...config, accounts: inFile },
    files: { token: accounts[0]?.api_token },
    args: ["--storage.path=state", "--web.enable-lifecycle"],
    openFiles: 64,
  });
  const { origin, port } = daemon;
  const sockets = NAMES.flatMap(() => Array.from({ length: 5 }, () => connect(port, "127.0.0.1")));
  for (const socket of sockets) socket.on("error", () => undefined).resume();
  const metrics = await until("each to be polled thrice after they came", async () => {
    const health = await fetch(`${origin}/-/healthy`, { signal: AbortSignal.timeout(1000) });
    expect(health.status).toBe(200);
    const now = await scrape(origin);
    const polls = now.rows("polls_total", {}).map(({ value }) => value);
    return polls.length === NAMES.length && polls.every((count) => count >= 4) ? now : undefined;
  });
  const failures = metrics
    .rows("exporter_poll_failures_total", {})
    .reduce((sum, { value }) => sum + value, 0);
  expect(failures).toBe(0);
  expect(metrics.value("exporter_http_connections_dropped_total", {})).toBeGreaterThan(180);
  const reload = await fetch(`${origin}/-/reload`, { method: "POST" });
  expect(reload.status).toBe(200);
  expect(daemon.stderr()).not.toContain("EMFILE");
  for (const socket of sockets) socket.destroy();
}, 30_000);

test("a reload that 64 descriptors are too few for is said to be a shortage, and done when it is over", async () => {
  const hanging = Array.from({ length: 60 }, (_, index) => `icon-lhr-${index}-hang`);
  await using simulator = await startSimulator({
    accounts: [accountWith([...hanging, "icon-ewr-0-steady"])],
  });
  const poll = { interval: "4s", timeout: "4s", concurrency: 60, retries: 0 };
  await using daemon = await startDaemonProcess({
    config: configFor(simulator, hanging, poll),
    openFiles: 64,
  });
  const told = (message: string): boolean => daemon.stderr().includes(message);
  await untilTrue("polls to take all descriptors", () => told("EMFILE"));
  const next = configFor(simulator, ["icon-ewr-0-steady"], { interval: "10s" });
  await writeFile(join(daemon.folder, "config.yaml"), JSON.stringify(next));
  daemon.kill("SIGHUP");
  await untilTrue("the shortage to be told", () => told("Configuration cannot be read now"));
  simulator.override({}, () => ({ status: 503, body: "upstream is away" }));
  await untilTrue("the reload", () => told('"result":"changed"'));
  expect(daemon.stderr()).not.toMatch(/Problem in the configuration|Configuration not reloaded/);
  const metrics = await scrape(daemon.origin);
  expect(metrics.value("exporter_config_last_reload_successful", {})).toBe(1);
  const failed = metrics.rows("exporter_poll_failures_total").filter(({ value }) => value > 0);
  const kinds = failed.map(({ labels }) => labels["kind"]);
  expect(kinds).toContain("internal");
  expect(kinds).not.toContain("unauthorized");
}, 30_000);

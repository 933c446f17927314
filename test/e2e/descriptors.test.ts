import { connect } from "node:net";
import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { startDaemonProcess } from "../helpers/daemon-process.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";
import { scrape } from "../helpers/scrape.ts";
import { until } from "../helpers/until.ts";

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

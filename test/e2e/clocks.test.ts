import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ScriptedAnswer } from "../../src/simulator/override.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { startDaemonProcess } from "../helpers/daemon-process.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";
import { libfaketime } from "../helpers/libfaketime.ts";
import { PROMETHEUS_VERSIONS } from "../helpers/prometheus-tools.ts";
import { scrape } from "../helpers/scrape.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { untilTrue } from "../helpers/until.ts";
import { startScaledPrometheus } from "./story/scaled-prometheus.ts";
import { JOB } from "./story/stage.ts";

/** Among the first in the ten seconds over which polls that are due at once are spread. */
const CIRCUIT = "icon-ewr-02-steady";
const HOUR_SECONDS = 3600;
const FRESHEST = "account_interconnect:cloudflare_interconnect_last_known_state:freshest";
const RANK_OF_DOWN = "account_interconnect:cloudflare_interconnect_state:rank == 4";

/** The API of one replica alone, so that it can be cut off from it, and the replica, which has seen the circuit. */
async function startReplica(env: Readonly<Record<string, string>>) {
  await using started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ accounts: [accountWith([CIRCUIT])] }));
  const poll = { interval: "1s", timeout: "1s", retries: 0 };
  const config = configFor(simulator, [CIRCUIT], poll);
  const daemon = started.use(await startDaemonProcess({ config, env }));
  await untilTrue("Healthy", async () => (await scrape(daemon.origin)).stateOf(CIRCUIT) === "Healthy");
  const running = started.move();
  return { simulator, daemon, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test("a replica whose clock is an hour ahead and that is cut off from the API does not hide that a circuit is Down", async () => {
  await using ahead = await startReplica(libfaketime({ FAKETIME: "+1h" }));
  await using right = await startReplica({});
  const targets = [ahead, right].map(({ daemon }) => `127.0.0.1:${daemon.port}`);
  const jobs = [{ job_name: JOB, static_configs: [{ targets }] }];
  await using started = new AsyncDisposableStack();
  const watchers = await Promise.all(
    PROMETHEUS_VERSIONS.map(async (name) => {
      const { query } = started.use(await startScaledPrometheus(name, jobs));
      return { name, query };
    }),
  );
  const everywhere = async (what: string, promql: string): Promise<void> => {
    await Promise.all(
      watchers.map(({ name, query }) =>
        untilTrue(`${what} in ${name}`, async () => (await query(promql)).length > 0, 30_000),
      ),
    );
  };
  await everywhere("both clocks", "count(cloudflare_interconnect_exporter_time_seconds) == 2");
  await everywhere("the circuit as Healthy", `${FRESHEST}{state="Healthy"} == 1`);

  await ahead.simulator[Symbol.asyncDispose]();
  right.simulator.setStatus(CIRCUIT, { state: "Down", reason: "No light detected" });

  await everywhere("the circuit as Down", `${FRESHEST}{state="Down"} == 1`);
  await everywhere("the alert", 'ALERTS{alertname="CloudflareInterconnectDown",alertstate="firing"}');
  const cutOff = await scrape(ahead.daemon.origin);
  expect(cutOff.stateOf(CIRCUIT)).toBe("Healthy");
  const lead = cutOff.value("last_success_timestamp_seconds", { interconnect: CIRCUIT }) - Date.now() / 1000;
  expect(lead).toBeGreaterThan(0.9 * HOUR_SECONDS);
  for (const { name, query } of watchers) {
    const healthy = await query(`${FRESHEST}{state="Healthy"} == 1`);
    expect({ name, healthy }).toEqual({ name, healthy: [] });
    expect({ name, rows: (await query(RANK_OF_DOWN)).length }).toEqual({ name, rows: 1 });
  }
});

test("after a suspend every circuit is asked at once, and one without an answer is Unknown half a minute later", async () => {
  await using simulator = await startSimulator({ accounts: [accountWith([CIRCUIT])] });
  let silence: ScriptedAnswer | undefined;
  simulator.override({}, () => silence);
  await using folder = await createTempFolder({ shift: "+0h" });
  const shiftFile = join(folder.path, "shift");
  const suspendFor = async (hours: number): Promise<void> => {
    // In one step: half a file would be half a shift.
    await writeFile(`${shiftFile}.new`, `+${hours}h`);
    await rename(`${shiftFile}.new`, shiftFile);
  };
  const poll = { interval: "5m", attention_interval: "5m", timeout: "2s", retries: 0 };
  await using daemon = await startDaemonProcess({
    config: configFor(simulator, [CIRCUIT], poll),
    env: libfaketime({ FAKETIME_TIMESTAMP_FILE: shiftFile, FAKETIME_NO_CACHE: "1" }),
  });
  const shows = async (state: string, withinMs?: number): Promise<void> => {
    await untilTrue(state, async () => (await scrape(daemon.origin)).stateOf(CIRCUIT) === state, withinMs);
  };
  const polls = (): number => simulator.requests.filter(({ operation }) => operation === "status").length;
  await shows("Healthy");
  expect(polls()).toBe(1);

  silence = { delivery: { kind: "hang" } };
  await suspendFor(3);
  await untilTrue("a poll soon after the suspend", () => polls() === 2);
  expect((await scrape(daemon.origin)).stateOf(CIRCUIT)).toBe("Healthy");
  await shows("Unknown", 35_000);
  expect(polls()).toBe(2);

  silence = undefined;
  await suspendFor(6);
  await shows("Healthy");
  expect(polls()).toBe(3);
  const lastSuccess = (await scrape(daemon.origin)).value("last_success_timestamp_seconds", {
    interconnect: CIRCUIT,
  });
  expect(lastSuccess - Date.now() / 1000).toBeGreaterThan(5.9 * HOUR_SECONDS);
});

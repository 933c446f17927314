import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { decodeSavedState, type SavedState } from "../../src/storage/saved-state.ts";
import { type DaemonProcess, runCommand, startDaemonProcess } from "../helpers/daemon-process.ts";
import { scrape, type Scrape } from "../helpers/scrape.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { untilTrue } from "../helpers/until.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";

const STEADY = "icon-steady";
const CHANGING = ["icon-1", "icon-2", "icon-3", "icon-4"];
const NAMES = [STEADY, ...CHANGING];
const KILLS = 50;
const WORDS = ["Healthy", "Down", "Unhealthy", "Pending"];
const POLL = { interval: "1s", timeout: "1s", retries: 0 };

const wordAt = (turn: number): string => WORDS[turn % WORDS.length] ?? "Healthy";

function stateIn(folder: string): SavedState {
  return decodeSavedState(readFileSync(join(folder, "state.json"), "utf8"), systemClock.now());
}

/** The last known state on a scrape; undefined without one. */
function lastKnownIn({ rows }: Scrape, interconnect: string): string | undefined {
  return rows("last_known_state", { interconnect }).find(({ value }) => value === 1)?.labels["state"];
}

test(`kill -9, ${KILLS} times while states change, costs neither the file nor what was known`, async () => {
  await using simulator = await startSimulator({ accounts: [accountWith(NAMES)] });
  await using storage = await createTempFolder();
  const start = (): Promise<DaemonProcess> =>
    startDaemonProcess({
      config: configFor(simulator, NAMES, POLL),
      args: [`--storage.path=${storage.path}`, "--log.level=info", "--web.disable-exporter-metrics"],
    });
  simulator.setStatus(STEADY, { state: "Down", reason: "no light" });
  let since = 0;
  {
    await using daemon = await start();
    await untilTrue("a first round", async () => (await fetch(`${daemon.origin}/-/ready`)).ok);
    since = (await scrape(daemon.origin)).value("state_since_timestamp_seconds", { interconnect: STEADY });
    await untilTrue("it to be saved", () => stateIn(storage.path).interconnects.size === NAMES.length);
  }
  /** What the file said and what was served, of those that had not been polled yet. */
  const fromFile: unknown[] = [];
  const served: unknown[] = [];
  for (let turn = 0; turn < KILLS; turn += 1) {
    const saved = stateIn(storage.path);
    await using daemon = await start();
    const first = await scrape(daemon.origin);
    for (const [key, { lastKnown }] of saved.interconnects) {
      const interconnect = key.split("/")[1] ?? "";
      const polls = first.value("polls_total", { interconnect });
      if (polls === 0) fromFile.push([turn, interconnect, lastKnown]);
      if (polls === 0) served.push([turn, interconnect, lastKnownIn(first, interconnect)]);
      // Counters start anew: no more than this process can have counted since.
      expect(polls).toBeLessThanOrEqual(1);
      for (const { value } of first.rows("state_changes_total", { interconnect }))
        expect(value).toBeLessThanOrEqual(1);
    }
    for (const name of CHANGING) simulator.setStatus(name, { state: wordAt(turn) });
    // At another moment each time: before, during and after the write that the changes bring.
    await sleep((turn * 37) % 900);
    daemon.kill("SIGKILL");
    await daemon.ended;
    expect(stateIn(storage.path).interconnects.size, `turn ${turn}`).toBe(NAMES.length);
  }
  expect(served).toEqual(fromFile);
  expect(served.length).toBeGreaterThan(KILLS);
  await using daemon = await start();
  await untilTrue("a first round", async () => (await fetch(`${daemon.origin}/-/ready`)).ok);
  const last = await scrape(daemon.origin);
  expect(last.stateOf(STEADY)).toBe("Down");
  expect(last.value("state_since_timestamp_seconds", { interconnect: STEADY })).toBe(since);
  expect(last.value("state_changes_total", { interconnect: STEADY, state: "Down" })).toBe(0);
  expect(readdirSync(storage.path).filter((name) => name.endsWith("unusable"))).toEqual([]);
}, 240_000);

test("a clean restart counts the change that happened meanwhile, and nothing else", async () => {
  await using simulator = await startSimulator({ accounts: [accountWith(NAMES)] });
  await using storage = await createTempFolder();
  const config = configFor(simulator, NAMES, POLL);
  const args = [`--storage.path=${storage.path}`];
  {
    await using daemon = await startDaemonProcess({ config, args });
    await untilTrue("a first round", async () => (await fetch(`${daemon.origin}/-/ready`)).ok);
    daemon.kill("SIGTERM");
    expect(await daemon.ended).toEqual({ code: 0, signal: null });
  }
  expect(stateIn(storage.path).clean).toBe(true);
  simulator.setStatus("icon-1", { state: "Down" });
  await using daemon = await startDaemonProcess({ config, args });
  expect(lastKnownIn(await scrape(daemon.origin), STEADY)).toBe("Healthy");
  await untilTrue("a first round", async () => (await fetch(`${daemon.origin}/-/ready`)).ok);
  const { rows } = await scrape(daemon.origin);
  const changes = rows("state_changes_total").filter(({ value }) => value > 0);
  expect(changes.map(({ labels, value }) => [labels["interconnect"], labels["state"], value])).toEqual([
    ["icon-1", "Down", 1],
  ]);
  const lines = daemon
    .stderr()
    .split("\n")
    .filter((line) => line.includes("changed state"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"from":"Healthy","to":"Down"');
});

test.each([
  ["config.yaml", "expected a folder"],
  ["/proc", "nothing can be made there"],
  ["/proc/storage", "nothing can be made there"],
])("%s cannot be used and ends the start with a message", async (folder, reason) => {
  await using simulator = await startSimulator({ accounts: [accountWith(NAMES)] });
  const command = await runCommand([`--storage.path=${folder}`, "--web.listen-address=127.0.0.1:0"], {
    files: { "config.yaml": configFor(simulator, NAMES, POLL) },
  });
  expect(command.code).toBe(1);
  expect(command.stderr).toContain(`Cannot use --storage.path "${folder}": ${reason}`);
});

test("two processes never share a folder, and after kill -9 nobody waits", async () => {
  await using simulator = await startSimulator({ accounts: [accountWith(NAMES)] });
  await using storage = await createTempFolder();
  const config = configFor(simulator, NAMES, POLL);
  const args = [`--storage.path=${storage.path}`];
  await using first = await startDaemonProcess({ config, args });
  const second = await runCommand([...args, "--web.listen-address=127.0.0.1:0"], {
    files: { "config.yaml": config },
  });
  expect(second).toMatchObject({ code: 1, stdout: "" });
  expect(second.stderr).toContain(
    `Cannot use --storage.path "${storage.path}": another process uses it; end that one, or give this one a folder of its own\n`,
  );
  const { value } = await scrape(first.origin);
  expect(value("exporter_storage_write_failures_total", {})).toBe(0);
  expect(value("exporter_storage_last_write_timestamp_seconds", {})).toBeGreaterThan(0);
  first.kill("SIGKILL");
  await first.ended;
  await using third = await startDaemonProcess({ config, args });
  third.kill("SIGTERM");
  expect(await third.ended).toEqual({ code: 0, signal: null });
  expect(readdirSync(storage.path)).toEqual(["state.json"]);
});

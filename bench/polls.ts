import { fork } from "node:child_process";
import { once } from "node:events";
import pLimit from "p-limit";
import { Pool } from "undici";
import { systemClock } from "../src/base/clock.ts";
import { systemRandom } from "../src/base/random.ts";
import { parseConfig } from "../src/config/load.ts";
import type { Config } from "../src/config/config.ts";
import { connector } from "../src/daemon/connect.ts";
import { oneRound } from "../src/daemon/one-round.ts";
import type { Report } from "./report.ts";
import { SILENT } from "./serve-ours.ts";
import { median } from "./statistics.ts";

const POLLS = 1000;
const CONCURRENCY = 32;
const LATENCY_MS = 50;
const ROUNDS = 5;

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * What a poll costs beside the least that could be done: 1,000 status calls through client, retries, queue and reducer, against
 * a bare loop of undici request and JSON.parse with the same concurrency, in turns in one run.
 */
export async function benchPolls(): Promise<Report> {
  const server = fork(new URL("api-server.ts", import.meta.url), [String(LATENCY_MS)]);
  try {
    const [port] = await once(server, "message");
    const origin = `http://127.0.0.1:${port}`;
    const config = await configFor(origin);
    // Both once before it counts, so that code is compiled and connections stand.
    await measure(() => bareLoop(origin));
    const connections = await withConnections(origin, () => ourRound(config));
    const rounds: { readonly bare: Cost; readonly ours: Cost }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push({
        bare: await measure(() => bareLoop(origin)),
        ours: await measure(() => ourRound(config)),
      });
    }
    const wall = median(rounds.map(({ bare, ours }) => ours.wallMs / bare.wallMs));
    const cpu = median(rounds.map(({ bare, ours }) => ours.cpuMs / bare.cpuMs));
    return {
      title: `${POLLS} polls, ${LATENCY_MS} ms latency, concurrency ${CONCURRENCY}: ratios of ours to a bare loop, median of ${ROUNDS}`,
      rows: rounds.map(({ bare, ours }) => ({
        "bare ms": bare.wallMs,
        "ours ms": ours.wallMs,
        "bare CPU ms": bare.cpuMs,
        "ours CPU ms": ours.cpuMs,
      })),
      checks: [
        { name: "wall time", unit: "ratio", value: wall, limit: 1.05 },
        { name: "CPU per poll", unit: "ratio", value: cpu, limit: 2 },
        { name: "connections per slot", unit: "ratio", value: connections / CONCURRENCY, limit: 1 },
      ],
    };
  } finally {
    server.kill();
  }
}

async function configFor(origin: string): Promise<Config> {
  const interconnects = Array.from({ length: POLLS }, (_, index) => `icon-${index}`);
  const account = {
    name: "bench",
    account_id: "0".repeat(32),
    api_token: "token-of-the-bench",
    interconnects,
  };
  const poll = { interval: "60s", concurrency: CONCURRENCY };
  const settings = { poll, api: { base_url: origin, budget: 100_000 }, accounts: [account] };
  const read = await parseConfig(JSON.stringify(settings), { file: "bench" });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

async function bareLoop(origin: string): Promise<void> {
  const pool = new Pool(origin, { connections: CONCURRENCY, pipelining: 1, allowH2: false });
  const limit = pLimit(CONCURRENCY);
  const headers = { authorization: "Bearer token-of-the-bench", accept: "application/json" };
  async function ask(index: number): Promise<unknown> {
    const path = `/accounts/${"0".repeat(32)}/cni/interconnects/icon-${index}/status`;
    const { body } = await pool.request({ path, method: "GET", headers });
    return JSON.parse(await body.text());
  }
  await Promise.all(Array.from({ length: POLLS }, (_, index) => limit(() => ask(index))));
  await pool.destroy();
}

async function ourRound(config: Config): Promise<void> {
  const build = { version: "0", revision: "", nodeVersion: process.version };
  const { snapshot } = await oneRound({
    config,
    connect: connector(build.version, systemClock, {}),
    poll: true,
    clock: systemClock,
    random: systemRandom,
    log: SILENT,
    signal: new AbortController().signal,
  });
  const healthy = snapshot.state.entries.all.filter(({ state }) => state === "Healthy").length;
  if (healthy !== POLLS) throw new Error(`Expected ${POLLS} Healthy, got ${healthy}`);
}

async function measure(work: () => Promise<void>): Promise<Cost> {
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs: performance.now() - startMs, cpuMs: (user + system) / 1000 };
}

/** The most connections that the server has seen at once. */
async function withConnections(origin: string, work: () => Promise<void>): Promise<number> {
  await work();
  const answer = await fetch(`${origin}/connections`, { headers: { connection: "close" } });
  return Number(await answer.text()) - 1;
}

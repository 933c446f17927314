import { LINK_STATES } from "../../../src/domain/link-state.ts";
import type { Entry } from "../../../src/domain/entry.ts";
import { entryRows, interconnectFamilies } from "../../../src/metrics/interconnect-families.ts";
import { statusAt, type World } from "../../../src/simulator/world.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { startSubject, testAccount, testConfig } from "../../helpers/generation-subject.ts";
import { JOB } from "./stage.ts";

const STATE_SECONDS = "cloudflare_interconnect_state_seconds_total";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const WEEK_MS = 7 * 24 * HOUR_MS;
/** A whole hour, as the records over 30 days want it. */
export const WEEK_START_MS = Date.UTC(2026, 9, 5);
const SCRAPE_MS = 30_000;
const INTERCONNECTS = 2;

/** Outages of ten minutes to an hour, some days apart. */
const WORLD: World = { seed: 7, beatMs: 10 * MINUTE_MS, epochMs: 0, outageShare: 0.3 };

/** Times from the start of the week, from and to. */
type Stretch = readonly [fromMs: number, toMs: number];
/** The exporter is not running: it starts anew with nothing kept. */
const RESTARTS: readonly Stretch[] = [[50.5 * HOUR_MS, 50.5 * HOUR_MS + 3 * MINUTE_MS]];
/** Prometheus does not get through to it. */
const MISSED: readonly Stretch[] = [
  [20 * HOUR_MS, 20 * HOUR_MS + 4 * MINUTE_MS],
  [100 * HOUR_MS, 101 * HOUR_MS],
];
/** The API is away, once for less and once for more than stale_after. */
const OUTAGES: readonly Stretch[] = [
  [10 * HOUR_MS, 10 * HOUR_MS + 7 * MINUTE_MS],
  [130 * HOUR_MS, 130 * HOUR_MS + 25 * MINUTE_MS],
];

const within = (stretches: readonly Stretch[], ms: number): boolean =>
  stretches.some(([fromMs, toMs]) => ms >= fromMs && ms < toMs);

/** A week of polls and scrapes with the defaults: OpenMetrics with timestamps, as Prometheus would have stored them. */
export async function exposeWeek(): Promise<string> {
  const config = await testConfig({ accounts: [testAccount("production", INTERCONNECTS)] });
  const scrapes: string[] = ["# TYPE cloudflare_interconnect_state_seconds counter\n"];
  let fromMs = 0;
  for (const [awayMs, backMs] of [...RESTARTS, [WEEK_MS, WEEK_MS] as const]) {
    const clock = new FakeClock(WEEK_START_MS + fromMs);
    const reply = ({ interconnect }: { readonly interconnect: string }) => {
      const { unixMs } = clock.now();
      const away = within(OUTAGES, unixMs - WEEK_START_MS);
      return away ? { fails: "network" as const } : { state: statusAt(WORLD, interconnect, unixMs).state };
    };
    await using subject = startSubject(config, (api) => Object.assign(api, { reply, latencyMs: 200 }), clock);
    for (let ms = fromMs + SCRAPE_MS; ms <= awayMs; ms += SCRAPE_MS) {
      await clock.advance(SCRAPE_MS);
      // Kept short: only what was asked is held.
      subject.api.requests.length = 0;
      if (within(MISSED, ms)) continue;
      const time = ` ${(WEEK_START_MS + ms) / 1000}\n`;
      const rows = stateSeconds(subject.store.read().state.entries.all);
      scrapes.push(rows.replaceAll("{", `{job="${JOB}",instance="a",`).replaceAll("\n", time));
    }
    fromMs = backMs;
  }
  return `${scrapes.join("")}# EOF\n`;
}

/** The rows of `state_seconds_total` as `/metrics` has them. */
function stateSeconds(entries: readonly Entry[]): string {
  const family = interconnectFamilies([]).find(({ name }) => name === STATE_SECONDS);
  return entries.map((entry) => (family === undefined ? "" : entryRows(family, entry))).join("");
}

/** Healthy's share of a stretch of the week as the simulated API knows it, by interconnect. */
export function trueAvailability(fromMs: number, toMs: number): Readonly<Record<string, number>> {
  const stepMs = 5000;
  return Object.fromEntries(
    Array.from({ length: INTERCONNECTS }, (_, index) => {
      const name = `icon-${String(index).padStart(3, "0")}`;
      const seconds = new Map(LINK_STATES.map((state): [string, number] => [state, 0]));
      for (let ms = fromMs; ms < toMs; ms += stepMs) {
        const { state } = statusAt(WORLD, name, WEEK_START_MS + ms);
        seconds.set(state, (seconds.get(state) ?? 0) + stepMs);
      }
      return [name, (seconds.get("Healthy") ?? 0) / (toMs - fromMs)];
    }),
  );
}

import { nextTurn } from "../../src/base/next-turn.ts";
import type { Instant } from "../../src/base/clock.ts";
import type { ExporterState } from "../../src/domain/state.ts";
import type { HttpPorts } from "../../src/http/http-ports.ts";
import { createInterconnectRows } from "../../src/metrics/interconnect-rows.ts";
import { createProbe } from "../../src/metrics/probe.ts";
import { createScrape } from "../../src/metrics/scrape.ts";
import { scrapeOf } from "./scrape-body.ts";

/** What the routes read, without a daemon behind them. */
export const PORTS: HttpPorts = {
  version: "1.2.3",
  telemetryPath: "/metrics",
  read: () => {
    throw new Error("Expected nobody to read the state");
  },
  accounts: () => [],
  scrape: scrapeOf("metric 1\n"),
  probe: () => undefined,
  runbooks: new Map(),
  lists: () => new Map(),
  renderConfig: () => "",
  isAlive: () => true,
  whyNotReady: () => undefined,
  reload: undefined,
  observe: () => undefined,
  connectionDropped: () => undefined,
};

/** Those of them that read a state, which stands still, with the real families. */
export function portsOf(
  state: ExporterState,
  now: Instant,
): Pick<HttpPorts, "read" | "scrape" | "probe" | "lists"> {
  const read = () => ({ state, now });
  return {
    read,
    scrape: createScrape(
      createInterconnectRows(() => state, nextTurn),
      async () => [],
    ),
    probe: createProbe(read),
    lists: () => new Map(state.plan.targets.map(({ account }) => [account, true])),
  };
}

import type { Snapshot } from "../domain/snapshot.ts";
import type { AccountReading } from "../metrics/account-gauges.ts";
import type { Probe } from "../metrics/probe.ts";
import type { Scrape } from "../metrics/scrape.ts";

/** What is said of a reload. */
export interface ReloadAnswer {
  readonly ok: boolean;
  /** All problems, or what was done. */
  readonly lines: readonly string[];
}

/** What the routes read. All of it is in memory: no request ever reaches the API. */
export interface HttpPorts {
  readonly version: string;
  readonly telemetryPath: string;
  readonly read: () => Snapshot;
  /** What is known of each account; empty until the configuration is in effect. */
  readonly accounts: () => readonly AccountReading[];
  readonly scrape: Scrape;
  readonly probe: Probe;
  /** The runbooks of this version: markdown by name. */
  readonly runbooks: ReadonlyMap<string, string>;
  /** By account, whether its list of interconnects is known; undefined until the configuration is in effect. */
  readonly lists: () => ReadonlyMap<string, boolean> | undefined;
  /** The configuration in effect, without its secrets. */
  readonly renderConfig: () => string;
  /** Whether the scheduler turns. */
  readonly isAlive: () => boolean;
  /** Why the daemon is not ready; undefined when it is. */
  readonly whyNotReady: () => string | undefined;
  /** Reads the configuration again, and tells what came of it. Undefined when that is not enabled over HTTP. */
  readonly reload: (() => Promise<ReloadAnswer>) | undefined;
  /** Counts answered requests by the pattern of their route; 0 makes a row known before its first request. */
  readonly observe: (handler: string, code: number, count: number) => void;
  /** Counts a connection that was closed for want of room. */
  readonly connectionDropped: () => void;
}

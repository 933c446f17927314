import type { Format } from "../src/metrics/exposition.ts";
import { type Load, openLoad, type ScrapeOptions } from "./load.ts";
import type { Report } from "./report.ts";
import { median, quantile } from "./statistics.ts";
import { startSubject, type SubjectClient } from "./subject-client.ts";
import { type Kind, KINDS, type Usage } from "./subject.ts";

const INTERCONNECTS = [20, 250, 1000, 10_000];
const SHARES = [0, 0.25, 1];
const FORMATS = ["text", "openmetrics"] as const satisfies readonly Format[];
const ENCODINGS = ["identity", "gzip"] as const;
/** Time for one cell of the matrix, and the scrapes that it has at least and at most. */
const CELL_MS = 800;
const FEWEST_SCRAPES = 5;
const MOST_SCRAPES = 500;
const WARM_UP = 3;
const MIB = 1024 * 1024;

/** Everything by everything: ours, prom-client with the same rows, and a bare server, over HTTP with keep-alive. */
export async function benchMatrix(): Promise<Report> {
  const rows: Report["rows"][number][] = [];
  for (const interconnects of INTERCONNECTS) {
    for (const format of FORMATS) {
      const measured = new Map<Kind, readonly Cell[]>();
      for (const kind of KINDS) {
        // One at a time: what another holds in memory and collects is not to be seen here.
        await using subject = await startSubject({ kind, interconnects, format, processMetrics: false });
        using load = openLoad(subject.port);
        measured.set(kind, await measureCells(subject, load, format, kind));
      }
      for (const cell of measured.get("ours") ?? []) {
        const others = { interconnects, format };
        rows.push(rowOf(cell, others, measured));
      }
    }
  }
  return {
    title: "Scrapes over HTTP: ours, prom-client with the same rows, a bare server",
    rows,
    checks: [],
  };
}

interface Cell {
  readonly share: number;
  readonly encoding: ScrapeOptions["encoding"];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMs: number;
  readonly longestBlockMs: number;
  readonly bytes: number;
  readonly rssBytes: number;
}

async function measureCells(
  subject: SubjectClient,
  load: Load,
  format: Format,
  kind: Kind,
): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const encoding of ENCODINGS) {
    // Nothing ever changes in a body that was made before.
    for (const share of kind === "bare" ? [0] : SHARES) {
      cells.push(await measureCell(subject, load, { format, encoding }, share));
    }
  }
  return cells;
}

async function measureCell(
  subject: SubjectClient,
  load: Load,
  options: ScrapeOptions,
  share: number,
): Promise<Cell> {
  const usages: Usage[] = [];
  const latencies: number[] = [];
  let bytes = 0;
  const perMeasurement = share === 0 ? 10 : 1;
  const startMs = performance.now();
  for (let nth = -WARM_UP; nth < MOST_SCRAPES / perMeasurement; nth += 1) {
    if (nth * perMeasurement >= FEWEST_SCRAPES && performance.now() - startMs > CELL_MS) break;
    if (share > 0) await subject.change(share);
    const usage = await subject.measure(async () => {
      for (let again = 0; again < perMeasurement; again += 1) {
        const answer = await load.scrape(options);
        bytes = answer.bytes;
        if (nth >= 0) latencies.push(answer.latencyMs);
      }
    });
    if (nth >= 0) usages.push(usage);
  }
  return {
    share,
    encoding: options.encoding,
    p50Ms: median(latencies),
    p99Ms: quantile(latencies, 0.99),
    cpuMs: median(usages.map(({ cpuMs }) => cpuMs)) / perMeasurement,
    longestBlockMs: median(usages.map(({ longestBlockMs }) => longestBlockMs)),
    bytes,
    rssBytes: usages.at(-1)?.rssBytes ?? Number.NaN,
  };
}

function rowOf(
  ours: Cell,
  { interconnects, format }: { readonly interconnects: number; readonly format: Format },
  measured: ReadonlyMap<Kind, readonly Cell[]>,
): Report["rows"][number] {
  const theirs = measured
    .get("prom-client")
    ?.find(({ share, encoding }) => share === ours.share && encoding === ours.encoding);
  const bare = measured.get("bare")?.find(({ encoding }) => encoding === ours.encoding);
  return {
    n: interconnects,
    format: format === "text" ? "text" : "om",
    encoding: ours.encoding,
    "chg %": ours.share * 100,
    "p50 ms": ours.p50Ms,
    "p99 ms": ours.p99Ms,
    "cpu ms": ours.cpuMs,
    "block ms": ours.longestBlockMs,
    "body KiB": ours.bytes / 1024,
    "rss MiB": ours.rssBytes / MIB,
    "prom p50 x": against(theirs?.p50Ms, ours.p50Ms),
    "prom p99 x": against(theirs?.p99Ms, ours.p99Ms),
    "prom cpu x": against(theirs?.cpuMs, ours.cpuMs),
    "prom block ms": theirs?.longestBlockMs ?? Number.NaN,
    "prom rss MiB": (theirs?.rssBytes ?? Number.NaN) / MIB,
    "bare p50 x": against(bare?.p50Ms, ours.p50Ms),
    "bare p99 x": against(bare?.p99Ms, ours.p99Ms),
    "bare cpu x": against(bare?.cpuMs, ours.cpuMs),
  };
}

function against(other: number | undefined, own: number): number {
  return (other ?? Number.NaN) / own;
}

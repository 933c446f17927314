import type { Format } from "../../src/metrics/exposition.ts";
import { type ParsedFamily, type ParsedSample, parseExposition } from "./parse-exposition.ts";

const PREFIX = "cloudflare_interconnect_";
const ACCEPT: Readonly<Record<Format, string>> = {
  text: "text/plain;version=0.0.4",
  openmetrics: "application/openmetrics-text;version=1.0.0",
};

type Labels = Readonly<Record<string, string>>;

/** One scrape of `/metrics`. Names of metrics are given without `cloudflare_interconnect_`. */
export interface Scrape {
  readonly text: string;
  readonly families: ReadonlyMap<string, ParsedFamily>;
  /** The rows of a metric that have these labels, among others. */
  readonly rows: (metric: string, labels?: Labels) => readonly ParsedSample[];
  /** The value of the one row with these labels. Throws when there is none or more than one. */
  readonly value: (metric: string, labels: Labels) => number;
  /** The state whose row is 1. Throws unless exactly one is. */
  readonly stateOf: (interconnect: string) => string;
  /** The labels of the one `reason_info` row. */
  readonly reasonOf: (interconnect: string) => Labels;
}

/** Scrapes a daemon and parses what comes. Rejects when that breaks the format's rules. */
export async function scrape(origin: string, format: Format = "text"): Promise<Scrape> {
  const response = await fetch(`${origin}/metrics`, { headers: { accept: ACCEPT[format] } });
  const text = await response.text();
  if (!response.ok) throw new Error(`Expected metrics, got HTTP ${response.status}: ${text}`);
  const families = parseExposition(text, format);
  const samples = [...families.values()].flatMap((family) => family.samples);
  const rows = (metric: string, labels: Labels = {}): readonly ParsedSample[] =>
    samples.filter(
      (sample) =>
        sample.name === PREFIX + metric &&
        Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
    );
  return {
    text,
    families,
    rows,
    value: (metric, labels) => only(rows(metric, labels), `${metric} ${JSON.stringify(labels)}`).value,
    stateOf(interconnect) {
      const current = rows("state", { interconnect }).filter(({ value }) => value === 1);
      return only(current, `the state of ${interconnect}`).labels["state"] ?? "";
    },
    reasonOf: (interconnect) =>
      only(rows("reason_info", { interconnect }), `the reason of ${interconnect}`).labels,
  };
}

function only(found: readonly ParsedSample[], what: string): ParsedSample {
  const [sample] = found;
  if (sample === undefined || found.length > 1)
    throw new Error(`Expected one row of ${what}, got ${found.length}`);
  return sample;
}

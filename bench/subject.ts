import type { Format } from "../src/metrics/exposition.ts";

export const KINDS = ["ours", "prom-client", "bare"] as const;
/** What is measured: ours; prom-client with the same rows; a bare server that sends a buffer made once, compressed each time. */
export type Kind = (typeof KINDS)[number];

export interface SubjectOptions {
  readonly kind: Kind;
  readonly interconnects: number;
  /** Of prom-client, which renames its counters for good when it once renders OpenMetrics. */
  readonly format: Format;
  /** Whether `process_*` and `nodejs_*` are on ours. */
  readonly processMetrics: boolean;
}

/** One exporter under measurement, serving `/metrics` on loopback. */
export interface Subject {
  readonly port: number;
  /** A share of the interconnects is polled and changes its state. */
  readonly change: (share: number) => void;
  /** Makes the text body of the interconnect families, without sending it. */
  readonly build: () => Promise<unknown>;
}

export type Request =
  | { readonly type: "change"; readonly share: number }
  | { readonly type: "build"; readonly times: number }
  /** Begins a measurement. */
  | { readonly type: "start" }
  /** Ends it. */
  | { readonly type: "stop" };

/** What a measurement saw; of `build`, per body. Milliseconds and bytes. What `change` costs is not in it. */
export interface Usage {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly longestBlockMs: number;
  readonly rssBytes: number;
}

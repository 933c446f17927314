import { readFileSync } from "node:fs";
import type { RunningProcess } from "./process.ts";

/** Resident memory of another process in bytes, as Linux tells it. */
export function rssOf({ pid }: RunningProcess): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kib === undefined) throw new Error(`Expected VmRSS in the status of process ${pid}`);
  return Number(kib) * 1024;
}

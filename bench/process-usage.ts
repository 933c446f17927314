import { readFileSync } from "node:fs";
import type { RunningProcess } from "./process.ts";

/** Resident memory of another process in bytes, as Linux tells it. */
export function rssOf({ pid }: RunningProcess): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kib === undefined) throw new Error(`Expected VmRSS in the status of process ${pid}`);
  return Number(kib) * 1024;
}

/** Time that all threads of another process have had of a processor, in milliseconds, as Linux tells it. */
export function cpuMsOf({ pid }: RunningProcess): number {
  // The name in brackets may hold anything; user and system time are the 12th and 13th field behind it, in 1/100 s.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

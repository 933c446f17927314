import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

/** What standard output or standard error leads to, and leads to nowhere. */
export const SINKS = ["full disk", "stalled pipe", "non-blocking pipe", "closed pipe"] as const;
export type SinkKind = (typeof SINKS)[number];

/** Of the coreutils; Node cannot make one. */
const MAKE_PIPE = "mkfifo";

export interface BrokenSink extends Disposable {
  /** To hand over as the descriptor of a process. */
  readonly fd: number;
  /** Lets a pipe flow again: all that is in it now. */
  readonly read: () => string;
}

/** `/dev/full` is a disk on which there never is room. */
export function openBrokenSink(kind: SinkKind, folder: string): BrokenSink {
  if (kind === "full disk") {
    const fd = openSync("/dev/full", "w");
    return { fd, read: () => "", [Symbol.dispose]: () => closeSync(fd) };
  }
  const path = join(folder, "pipe");
  execFileSync(MAKE_PIPE, [path]);
  // A descriptor for reading and writing waits for nobody; Linux lets a pipe be opened so.
  const own = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const flags = kind === "non-blocking pipe" ? constants.O_NONBLOCK : 0;
  const fd = openSync(path, constants.O_WRONLY | flags);
  if (kind === "closed pipe") {
    closeSync(own);
    return { fd, read: () => "", [Symbol.dispose]: () => closeSync(fd) };
  }
  fill(own);
  return {
    fd,
    read: () => drain(own),
    [Symbol.dispose]() {
      closeSync(own);
      closeSync(fd);
    },
  };
}

/** To the last byte, so that the very next line finds no room. */
function fill(fd: number): void {
  for (const size of [4096, 1]) {
    try {
      for (;;) writeSync(fd, "x".repeat(size));
    } catch {
      // It is full.
    }
  }
}

function drain(fd: number): string {
  const buffer = Buffer.alloc(256 * 1024);
  let text = "";
  try {
    for (;;) text += buffer.toString("utf8", 0, readSync(fd, buffer));
  } catch {
    return text.replace(/^x+/, "");
  }
}

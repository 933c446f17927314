import { constants, fstatSync, openSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { isatty } from "node:tty";

/** What a sink did with the bytes it was given. */
export interface Taken {
  readonly bytes: number;
  /** Why it took no more: it is full for the moment, or something is wrong with it. */
  readonly stopped?: "full" | "failed";
}

/** Takes bytes without ever making the process wait. */
export interface Sink {
  /** Calls back once, before or after it returns. */
  readonly write: (bytes: Buffer, done: (taken: Taken) => void) => void;
}

/** A descriptor as a sink. None of them leaves a write in Node's thread pool, which the end of the process would wait for. */
export function openSink(descriptor: number): Sink {
  const stats = fstatSync(descriptor);
  if (stats.isFIFO() || stats.isSocket()) return socketSink(descriptor);
  return fileSink(isatty(descriptor) ? reopened(descriptor) : descriptor);
}

/** Pipes and sockets: libuv writes what goes in and waits for the rest in the event loop. */
function socketSink(fd: number): Sink {
  let socket: Socket | undefined;
  return {
    write(bytes, done) {
      if (socket === undefined) {
        // Never the end of the process: whoever writes decides how long it may wait.
        socket = new Socket({ fd, readable: false, writable: true }).unref();
        // A named pipe may have another reader later.
        socket.on("error", () => (socket = undefined));
      }
      socket.write(bytes, (error) => {
        // A stream tells by a callback alone which write has failed.
        // oxlint-disable-next-line promise/prefer-await-to-callbacks
        done(error ? { bytes: 0, stopped: "failed" } : { bytes: bytes.length });
      });
    },
  };
}

/** Files and devices: writing takes what the disk has room for and says so when there is none. */
function fileSink(fd: number): Sink {
  return {
    write(bytes, done) {
      let written = 0;
      try {
        while (written < bytes.length) written += writeSync(fd, bytes, written);
        done({ bytes: written });
      } catch (error) {
        const isFull = error instanceof Error && "code" in error && error.code === "EAGAIN";
        done({ bytes: written, stopped: isFull ? "full" : "failed" });
      }
    },
  };
}

/** A terminal that is held (Ctrl-S) would block whoever writes to it; by a descriptor of our own it need not. */
function reopened(fd: number): number {
  try {
    return openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return fd;
  }
}

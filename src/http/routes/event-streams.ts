import { Readable } from "node:stream";
import type { Clock } from "../../base/clock.ts";
import { nextTurn } from "../../base/next-turn.ts";

/** Pages that are kept live, each by a stream of server-sent events. */
export interface EventStreams {
  /** As many as there may be at once. */
  readonly most: number;
  /** A new stream; undefined when there are as many as there may be, or none any more. */
  readonly open: () => Readable | undefined;
  /** Ends all of them, for good. */
  readonly close: () => void;
}

interface EventStreamsOptions {
  readonly most: number;
  /** Begins to look; what comes back tells, as text on one line, what changed since it told last, to so many streams. */
  readonly watch: () => (streams: number) => string | undefined;
  readonly clock: Clock;
}

interface Stream {
  readonly readable: Readable;
  readonly endsMs: number;
}

const EVERY_MS = 1000;
const HEARTBEAT_MS = 15_000;
/** A heartbeat may be so much early, as the moments to send are a little more than a second apart. */
const EARLY_MS = EVERY_MS / 2;
/** A browser asks again by then, and so signs in again: a changed password holds. */
const LIFETIME_MS = 600_000;
/** Whoever has left so much unread is cut off, beyond what is in the socket. */
const MOST_UNREAD_BYTES = 65_536;
/** So many are written to in a turn: between, what else there is gets its turn. */
const AT_A_TIME = 50;

/** What a browser is told at once, so that it knows that it is connected. */
const OPENED = Buffer.from(": connected\n\n");
const HEARTBEAT = Buffer.from("event: beat\ndata:\n\n");

/** Looks once a second, as long as there are streams, and tells all of them the same bytes. */
export function createEventStreams({ most, watch, clock }: EventStreamsOptions): EventStreams {
  const streams = new Set<Stream>();
  let turning: AbortController | undefined;
  let isClosed = false;

  async function turn(signal: AbortSignal): Promise<never> {
    const changed = watch();
    let saidMs = clock.now().monoMs;
    for (;;) {
      await clock.sleep(EVERY_MS, signal);
      const { monoMs } = clock.now();
      for (const stream of streams) if (monoMs >= stream.endsMs) end(stream);
      const data = changed(streams.size);
      if (data === undefined && monoMs - saidMs < HEARTBEAT_MS - EARLY_MS) continue;
      saidMs = monoMs;
      await sendAll(data === undefined ? HEARTBEAT : Buffer.from(`event: change\ndata: ${data}\n\n`));
    }
  }

  async function sendAll(message: Buffer): Promise<void> {
    for (const [index, stream] of [...streams].entries()) {
      if (index % AT_A_TIME === AT_A_TIME - 1) await nextTurn();
      if (!streams.has(stream)) continue;
      if (stream.readable.readableLength > MOST_UNREAD_BYTES) end(stream);
      else stream.readable.push(message);
    }
  }

  /** Who has read all gets an end; nobody waits for who has not. */
  function end(stream: Stream): void {
    forget(stream);
    if (stream.readable.readableLength > 0) stream.readable.destroy();
    else stream.readable.push(null);
  }

  function forget(stream: Stream): void {
    streams.delete(stream);
    if (streams.size > 0) return;
    turning?.abort();
    turning = undefined;
  }

  function endAll(): void {
    for (const stream of streams) end(stream);
  }

  return {
    most,
    open() {
      if (isClosed || streams.size >= most) return undefined;
      const readable = new Readable({ read: () => undefined });
      const stream = { readable, endsMs: clock.now().monoMs + LIFETIME_MS };
      streams.add(stream);
      readable.once("close", () => forget(stream));
      readable.push(OPENED);
      if (turning === undefined) {
        turning = new AbortController();
        // It ends by its abort alone; after a bug pages are told to ask anew, which begins anew.
        turn(turning.signal).catch(endAll);
      }
      return readable;
    },
    close() {
      isClosed = true;
      endAll();
    },
  };
}

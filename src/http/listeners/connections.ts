import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { createClients } from "./clients.ts";
import type { Handler, Protocol } from "./protocol.ts";

/** The connections of all listen addresses, and the answers that are under way on them. */
export interface Connections {
  readonly accept: (socket: Socket) => void;
  /** Lets answers under way end, then cuts what is left. Call it when no more are accepted; wait for the listeners by `closed`. */
  readonly drain: (closed: Promise<unknown>) => Promise<void>;
  /** Ends the protocol's timers. */
  readonly stop: () => void;
}

/** Answers under way get this long to end when the server closes. */
const DRAIN_MS = 2000;

/** So often at most is it said that connections are closed for want of room. */
const WARN_EVERY_MS = 600_000;

export interface ConnectionsOptions {
  readonly handler: Handler;
  /** Makes the protocol that all connections are spoken to in. */
  readonly speak: (handler: Handler) => Protocol;
  /** Connections at once, of all addresses. */
  readonly mostClients: number;
  /** Told of each connection that was closed for want of room. */
  readonly onDropped: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

export function createConnections(options: ConnectionsOptions): Connections {
  const { handler, speak, mostClients: most, clock, log } = options;
  let warnedMs = Number.NEGATIVE_INFINITY;
  const clients = createClients({
    most,
    nowMs: () => clock.now().monoMs,
    onDropped() {
      options.onDropped();
      const { monoMs } = clock.now();
      if (monoMs - warnedMs < WARN_EVERY_MS) return;
      warnedMs = monoMs;
      log.warn({ most }, "More connections than there is room for: idle ones are closed for new ones");
    },
  });
  const answers = new Set<ServerResponse>();
  let isClosing = false;
  const protocol = speak((request, response) => {
    if (isClosing && request.httpVersionMajor === 1) response.setHeader("Connection", "close");
    answers.add(response);
    const end = clients.begin(request.socket);
    response.once("close", () => {
      end();
      answers.delete(response);
      if (isClosing) closeIdle();
    });
    handler(request, response);
  });

  /** Node takes a connection for idle as soon as its answer is written, whatever a slow reader has not fetched yet. */
  function closeIdle(): void {
    if (answers.size === 0) protocol.closeIdle();
  }

  return {
    accept(socket) {
      if (!clients.admit(socket)) {
        socket.destroy();
        return;
      }
      // Whoever hangs up while the web config is looked at must not end the process.
      socket.on("error", () => socket.destroy());
      protocol.accept(socket);
    },
    async drain(closed) {
      isClosing = true;
      const drained = new AbortController();
      const cut = clock.sleep(DRAIN_MS, drained.signal).then(
        () => {
          for (const socket of clients.sockets()) socket.destroy();
        },
        () => undefined,
      );
      closeIdle();
      await closed;
      drained.abort();
      await cut;
    },
    stop: () => protocol.stop(),
  };
}

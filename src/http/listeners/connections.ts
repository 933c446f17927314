import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
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

/** `speak` makes the protocol that all connections are spoken to in. */
export function createConnections(
  handler: Handler,
  speak: (handler: Handler) => Protocol,
  clock: Clock,
): Connections {
  const sockets = new Set<Socket>();
  const answers = new Set<ServerResponse>();
  let isClosing = false;
  const protocol = speak((request, response) => {
    if (isClosing && request.httpVersionMajor === 1) response.setHeader("Connection", "close");
    answers.add(response);
    response.once("close", () => {
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
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      // Whoever hangs up while the web config is looked at must not end the process.
      socket.on("error", () => socket.destroy());
      protocol.accept(socket);
    },
    async drain(closed) {
      isClosing = true;
      const drained = new AbortController();
      const cut = clock.sleep(DRAIN_MS, drained.signal).then(
        () => {
          for (const socket of sockets) socket.destroy();
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

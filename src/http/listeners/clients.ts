import type { Socket } from "node:net";

/** How many connections are enough for any estate's scrapers, people and probes; more would only hold memory. */
const MOST = 2000;
/** What a machine allows when it does not say. */
const USUAL_LIMIT = 1024;
/** Left to polls, files, the log and Node itself. */
const LEAST_OWN = 48;
const LEAST = 4;
/** Answers come from memory: one that takes so long waits for a reader, or for a reload. */
const SLOW_MS = 5000;

/** Connections that clients may have at once where the process may have `limit` descriptors: 16 of 64, 768 of 1,024. */
export function mostClients(limit = USUAL_LIMIT): number {
  const own = Math.max(LEAST_OWN, Math.ceil(limit / 4));
  return Math.min(MOST, Math.max(LEAST, limit - own));
}

interface Client {
  readonly socket: Socket;
  /** Requests under way. */
  answers: number;
  isServed: boolean;
  activeMs: number;
}

/** Who is connected, and which of them makes room for the next. */
export interface Clients {
  readonly sockets: () => readonly Socket[];
  /** Takes a connection in, until it closes; false when there is no room for it and none can be made. */
  readonly admit: (socket: Socket) => boolean;
  /** A request came over a connection, by its addresses, with TLS around it or not; call what comes back when it is over. */
  readonly begin: (socket: Socket) => () => void;
}

interface ClientsOptions {
  readonly most: number;
  readonly nowMs: () => number;
  /** Told of each connection that was closed for want of room. */
  readonly onDropped: () => void;
}

/**
 * At most so many connections. For one more the one without a request that was silent for longest is closed; those that
 * asked for something before, as scrapers do, come after those that never did, as long as they are the fewer. When all have
 * requests under way, a slow reader goes, and else the new one.
 */
export function createClients({ most, nowMs, onDropped }: ClientsOptions): Clients {
  const clients = new Set<Client>();
  const byAddress = new Map<string, Client>();

  function leaver(): Client | undefined {
    const idle = [...clients].filter(({ answers }) => answers === 0);
    const unserved = idle.filter(({ isServed }) => !isServed);
    if (unserved.length > 0 && idle.length - unserved.length <= most / 2) return silentForLongest(unserved);
    if (idle.length > 0) return silentForLongest(idle);
    const slow = silentForLongest([...clients]);
    return slow !== undefined && nowMs() - slow.activeMs > SLOW_MS ? slow : undefined;
  }

  function makeRoom(): boolean {
    if (clients.size < most) return true;
    onDropped();
    const leaving = leaver();
    if (leaving === undefined) return false;
    clients.delete(leaving);
    leaving.socket.destroy();
    return true;
  }

  return {
    sockets: () => [...clients].map(({ socket }) => socket),
    admit(socket) {
      if (!makeRoom()) return false;
      const addresses = addressesOf(socket);
      const client: Client = { socket, answers: 0, isServed: false, activeMs: nowMs() };
      clients.add(client);
      byAddress.set(addresses, client);
      socket.once("close", () => {
        clients.delete(client);
        if (byAddress.get(addresses) === client) byAddress.delete(addresses);
      });
      return true;
    },
    begin(socket) {
      const client = byAddress.get(addressesOf(socket));
      if (client === undefined) return () => undefined;
      client.answers += 1;
      client.activeMs = nowMs();
      return () => {
        client.answers -= 1;
        client.isServed = true;
        client.activeMs = nowMs();
      };
    },
  };
}

/** A TLS socket does not tell which socket is under it, but both tell the same addresses. */
function addressesOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(" ");
}

function silentForLongest(clients: readonly Client[]): Client | undefined {
  const [first, ...others] = clients;
  return others.reduce((least, each) => (least && each.activeMs < least.activeMs ? each : least), first);
}

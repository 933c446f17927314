import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { createClients, mostClients } from "../../../src/http/listeners/clients.ts";

/** As much of a socket as is looked at. */
class Connection extends EventEmitter {
  readonly remoteAddress = "127.0.0.1";
  readonly localAddress = "127.0.0.1";
  readonly localPort = 13335;
  readonly remotePort: number;
  destroyed = false;

  constructor(remotePort: number) {
    super();
    this.remotePort = remotePort;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

function subject(most: number) {
  let nowMs = 0;
  let dropped = 0;
  const made: Connection[] = [];
  const clients = createClients({
    most,
    nowMs: () => nowMs,
    onDropped() {
      dropped += 1;
    },
  });
  return {
    /** A connection more, a second later. */
    connect(): Connection & { readonly isIn: boolean } {
      nowMs += 1000;
      const connection = new Connection(40_000 + made.length);
      made.push(connection);
      const isIn = clients.admit(connection as unknown as Socket);
      return Object.assign(connection, { isIn });
    },
    ask: (connection: Connection) =>
      clients.begin(new Connection(connection.remotePort) as unknown as Socket),
    pass(ms: number): void {
      nowMs += ms;
    },
    open: () => clients.sockets().length,
    dropped: () => dropped,
  };
}

test.each([
  [64, 16],
  [256, 192],
  [1024, 768],
  [20_000, 2000],
  [30, 4],
  [undefined, 768],
])("mostClients() of %s descriptors is %s", (limit, most) => {
  expect(mostClients(limit)).toBe(most);
});

test("for one connection more the one goes that was silent for longest", () => {
  const it = subject(3);
  const [first, second, third] = [it.connect(), it.connect(), it.connect()];
  expect(it.dropped()).toBe(0);
  const fourth = it.connect();
  expect([first, second, third, fourth].map(({ destroyed }) => destroyed)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(fourth.isIn).toBe(true);
  expect([it.open(), it.dropped()]).toEqual([3, 1]);
});

test("who asked for something before stays, however many come that never do", () => {
  const it = subject(4);
  const scraper = it.connect();
  it.ask(scraper)();
  for (let count = 0; count < 200; count += 1) it.connect();
  expect(scraper.destroyed).toBe(false);
  expect(it.open()).toBe(4);
});

test("those that asked once and hold more than half of the room go too, and the new one is served", () => {
  const it = subject(4);
  const idlers = [1, 2, 3].map(() => {
    const idler = it.connect();
    it.ask(idler)();
    return idler;
  });
  const probe = it.connect();
  it.connect();
  expect(idlers.map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
  expect(probe.destroyed).toBe(false);
});

test("a request under way keeps its connection, and when all have one the new connection is refused", () => {
  const it = subject(2);
  const [first, second] = [it.connect(), it.connect()];
  const ends = [it.ask(first), it.ask(second)];
  expect(it.connect().isIn).toBe(false);
  expect([first.destroyed, second.destroyed]).toEqual([false, false]);
  ends[1]?.();
  expect(it.connect().isIn).toBe(true);
  expect([first.destroyed, second.destroyed]).toEqual([false, true]);
});

test("a request of HTTP/2 under way keeps the connection when another on it is over", () => {
  const it = subject(1);
  const only = it.connect();
  it.ask(only);
  it.ask(only)();
  expect(it.connect().isIn).toBe(false);
});

test("a reader that has been slow for longer than 5 s makes room when nobody else does", () => {
  const it = subject(1);
  const slow = it.connect();
  it.ask(slow);
  it.pass(5000);
  expect(it.connect().isIn).toBe(true);
  expect(slow.destroyed).toBe(true);
});

test("who hangs up makes room by that", () => {
  const it = subject(1);
  it.connect().emit("close");
  expect(it.connect().isIn).toBe(true);
  expect(it.dropped()).toBe(0);
});

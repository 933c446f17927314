import { once } from "node:events";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { startDaemonProcess } from "../helpers/daemon-process.ts";
import { untilTrue } from "../helpers/until.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";

const STOP_WITHIN_MS = 5000;
/** So many that `/metrics` (some 4 kB for each) is larger than what the kernel buffers for a reader that does not read. */
const INTERCONNECTS = 2500;

/** Asks for `/metrics` and reads no more than the beginning of the answer, until told to. */
async function startSlowReader(port: number) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  await once(socket, "readable");
  return {
    /** Reads to the end of the connection: how much of the body was promised, and how much came. */
    async readOn(): Promise<{ readonly promised: number; readonly came: number }> {
      const chunks: Buffer[] = [];
      socket.on("data", (chunk) => chunks.push(chunk));
      if (!socket.closed) await once(socket, "close");
      const answer = Buffer.concat(chunks).toString("latin1");
      const length = /content-length: (?<bytes>\d+)/i.exec(answer)?.groups?.["bytes"];
      return { promised: Number(length), came: answer.length - (answer.indexOf("\r\n\r\n") + 4) };
    },
  };
}

/** Uses a connection once and keeps it open, as a scraper does. */
async function startIdleClient(port: number) {
  const agent = new Agent({ keepAlive: true });
  const [response] = await once(get({ port, host: "127.0.0.1", path: "/-/healthy", agent }), "response");
  response.resume();
  await once(response, "end");
  return { isOpen: () => Object.keys(agent.freeSockets).length > 0, [Symbol.dispose]: () => agent.destroy() };
}

/** A daemon whose polls all hang. */
async function startStuckDaemon() {
  const names = Array.from({ length: INTERCONNECTS }, (_, index) => `icon-ewr-0${index}-hang`);
  await using started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ accounts: [accountWith(names)] }));
  const config = configFor(simulator, names, { interval: "60s", timeout: "60s", concurrency: 4 });
  const daemon = started.use(await startDaemonProcess({ config }));
  await untilTrue("polls to hang", () => simulator.maxInFlight === 4);
  const running = started.move();
  return { ...daemon, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "run ends with 0 within 5 s of %s while polls hang, a connection idles and a reader is stuck",
  async (signal) => {
    await using daemon = await startStuckDaemon();
    using idle = await startIdleClient(daemon.port);
    const reader = await startSlowReader(daemon.port);
    await untilTrue("the connection to idle", () => idle.isOpen());

    const startMs = performance.now();
    daemon.kill(signal);
    const exit = await daemon.ended;
    const tookMs = performance.now() - startMs;
    const answer = await reader.readOn();

    expect(exit).toEqual({ code: 0, signal: null });
    expect(tookMs).toBeLessThan(STOP_WITHIN_MS);
    expect(daemon.stderr()).toContain('"msg":"Stopping"');
    expect(daemon.stderr()).not.toMatch(/"level":"error"|Poll failed/);
    // The reader was stuck indeed: what it never read was still with the daemon.
    expect(answer.came).toBeLessThan(answer.promised);
  },
);

test("run ends at once with 1 at a second signal", async () => {
  await using daemon = await startStuckDaemon();
  await startSlowReader(daemon.port);
  daemon.kill("SIGTERM");
  await untilTrue("the daemon to stop", () => daemon.stderr().includes('"msg":"Stopping"'));
  const startMs = performance.now();
  daemon.kill("SIGTERM");
  expect(await daemon.ended).toEqual({ code: 1, signal: null });
  // The slow reader alone would have held it for two.
  expect(performance.now() - startMs).toBeLessThan(1000);
});

test("run lets a scrape under way end before it stops", async () => {
  await using daemon = await startStuckDaemon();
  const reader = await startSlowReader(daemon.port);
  daemon.kill("SIGTERM");
  await untilTrue("the daemon to stop", () => daemon.stderr().includes('"msg":"Stopping"'));
  const answer = await reader.readOn();
  expect(answer.came).toBe(answer.promised);
  expect(await daemon.ended).toEqual({ code: 0, signal: null });
});

test("run ends at once while polls hang, after clients that hung up before their answers", async () => {
  await using daemon = await startStuckDaemon();
  for (const path of ["/metrics", "/api/v1/interconnects"]) {
    for (let client = 0; client < 10; client += 1) {
      const socket = connect(daemon.port, "127.0.0.1");
      await once(socket, "connect");
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      socket.resetAndDestroy();
    }
  }
  // An answer of the same kind that is read comes after theirs.
  await (await fetch(`${daemon.origin}/metrics`)).text();
  const startMs = performance.now();
  daemon.kill("SIGTERM");
  expect(await daemon.ended).toEqual({ code: 0, signal: null });
  // What was left for one of them, or waits behind a poll that hangs, would hold it to the last.
  expect(performance.now() - startMs).toBeLessThan(2000);
});

import { setTimeout as sleep } from "node:timers/promises";
import { DEMO_INTERCONNECTS } from "../src/simulator/demo-world.ts";
import { freePort, run } from "./process.ts";
import type { Report } from "./report.ts";
import { median } from "./statistics.ts";

const ROUNDS = 9;
const LIMIT = 3;
const PATIENCE_MS = 20_000;
const AGAIN_MS = 3;

/** From the start of the process to a scrape that is of use, against a bare Fastify with prom-client. */
export async function benchStart(): Promise<Report> {
  const demo: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    demo.push(
      await timeUntil(isOfUse, (port) =>
        run("../src/main.ts", ["demo", `--web.listen-address=127.0.0.1:${port}`]),
      ),
    );
    bare.push(
      await timeUntil(
        () => true,
        (port) => run("fastify-prom-client.ts", [String(port)]),
      ),
    );
  }
  const [demoMs, bareMs] = [median(demo), median(bare)];
  return {
    title: "From the start of the process to a scrape with rows of all interconnects, one of them Healthy",
    rows: [
      { who: "demo", "median ms": demoMs, "slowest ms": Math.max(...demo) },
      { who: "bare Fastify + prom-client", "median ms": bareMs, "slowest ms": Math.max(...bare) },
    ],
    checks: [
      {
        name: "demo: start, in times the bare process's",
        unit: "ratio",
        value: demoMs / bareMs,
        limit: LIMIT,
      },
    ],
  };
}

function isOfUse(text: string): boolean {
  const states = text.split("\n").filter((row) => row.startsWith("cloudflare_interconnect_state{"));
  return (
    DEMO_INTERCONNECTS.every((name) => states.some((row) => row.includes(`interconnect="${name}"`))) &&
    states.some((row) => row.endsWith('state="Healthy"} 1'))
  );
}

async function timeUntil(
  isEnough: (text: string) => boolean,
  start: (port: number) => AsyncDisposable,
): Promise<number> {
  const port = await freePort();
  const startMs = performance.now();
  await using _running = start(port);
  for (;;) {
    const text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
      (response) => response.text(),
      () => undefined,
    );
    const elapsedMs = performance.now() - startMs;
    if (text !== undefined && isEnough(text)) return elapsedMs;
    if (elapsedMs > PATIENCE_MS) throw new Error(`Expected a useful scrape within ${PATIENCE_MS} ms`);
    await sleep(AGAIN_MS);
  }
}

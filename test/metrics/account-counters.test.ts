import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createAccountCounter } from "../../src/metrics/account-counters.ts";

test("createAccountCounter() has rows known in advance at 0, others once they count, and none of an account that is gone", async () => {
  const registry = new Registry();
  const labels = { operation: ["status", "list"], code: ["200"] };
  const counter = createAccountCounter({ registry, name: "requests_total", help: "Requests.", labels });
  const rows = async (): Promise<string[]> =>
    (await registry.metrics()).split("\n").filter((line) => line.startsWith("requests_total{"));
  counter.begin("lab");
  counter.inc("lab", { operation: "status", code: "429" });
  counter.begin("lab");
  expect(await rows()).toEqual([
    'requests_total{account="lab",operation="status",code="200"} 0',
    'requests_total{account="lab",operation="list",code="200"} 0',
    'requests_total{account="lab",operation="status",code="429"} 1',
  ]);
  counter.end("never begun");
  counter.end("lab");
  expect(await rows()).toEqual([]);
});

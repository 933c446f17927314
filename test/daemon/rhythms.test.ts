import { describe, expect, test } from "vitest";
import {
  type GenerationSubject,
  startSubject,
  testAccount,
  testConfig,
} from "../helpers/generation-subject.ts";

const MINUTE_MS = 60_000;

/** The polls of an interconnect that were sent in the next `ms`. */
async function pollsIn(it: GenerationSubject, ms: number, interconnect: string): Promise<number> {
  const before = it.api.requests.length;
  await it.clock.advance(ms);
  return it.api.requests.slice(before).filter((request) => request.interconnect === interconnect).length;
}

async function start(poll: Readonly<Record<string, string>> = {}): Promise<GenerationSubject> {
  return startSubject(await testConfig({ poll, accounts: [testAccount("production", 4)] }));
}

describe("the attention rhythm", () => {
  test("is 15 s for one that is Down, until 10 minutes after it is Healthy again; others are not touched", async () => {
    await using it = await start();
    await it.clock.advance(5 * MINUTE_MS);
    it.api.reply = ({ interconnect }) => ({ state: interconnect === "icon-001" ? "Down" : "Healthy" });
    await it.clock.advance(MINUTE_MS);
    expect(await pollsIn(it, 10 * MINUTE_MS, "icon-001")).toBe(40);
    expect(await pollsIn(it, 10 * MINUTE_MS, "icon-002")).toBe(10);
    it.api.reply = () => ({ state: "Healthy" });
    expect(await pollsIn(it, 9 * MINUTE_MS, "icon-001")).toBe(36);
    await it.clock.advance(2 * MINUTE_MS);
    expect(await pollsIn(it, 10 * MINUTE_MS, "icon-001")).toBe(10);
  });

  test("is not for one that was Healthy from its first answer on", async () => {
    await using it = await start();
    await it.clock.advance(MINUTE_MS);
    expect(await pollsIn(it, 5 * MINUTE_MS, "icon-001")).toBe(5);
  });

  test("is left while polls fail, and taken up again when they succeed", async () => {
    await using it = await start();
    it.api.reply = () => ({ state: "Down" });
    await it.clock.advance(2 * MINUTE_MS);
    expect(await pollsIn(it, 5 * MINUTE_MS, "icon-001")).toBe(20);
    it.api.reply = () => ({ fails: "invalid_response" });
    await it.clock.advance(MINUTE_MS);
    expect(await pollsIn(it, 5 * MINUTE_MS, "icon-001")).toBe(5);
    it.api.reply = () => ({ state: "Down" });
    await it.clock.advance(MINUTE_MS);
    expect(await pollsIn(it, 5 * MINUTE_MS, "icon-001")).toBe(20);
  });

  test.each([
    ["as configured", { attention_interval: "20s" }, 15],
    ["off", { attention_interval: "0" }, 5],
    ["never slower than the interval", { interval: "10s" }, 30],
  ])("is %s", async (_name, poll, wanted) => {
    await using it = await start(poll);
    it.api.reply = () => ({ state: "Down" });
    await it.clock.advance(2 * MINUTE_MS);
    expect(await pollsIn(it, 5 * MINUTE_MS, "icon-001")).toBe(wanted);
  });

  test("is whole again for one when those that shared it with it need it no more", async () => {
    const config = await testConfig({ api: { budget: 100 }, accounts: [testAccount("production", 15)] });
    await using it = startSubject(config);
    it.api.reply = () => ({ state: "Down" });
    await it.clock.advance(20 * MINUTE_MS);
    it.api.reply = ({ interconnect }) => ({ state: interconnect === "icon-007" ? "Down" : "Healthy" });
    await it.clock.advance(15 * MINUTE_MS);
    expect(await pollsIn(it, 10 * MINUTE_MS, "icon-007")).toBe(40);
  });

  test("is shared out when all need it at once, and holds the budget", async () => {
    const config = await testConfig({ api: { budget: 100 }, accounts: [testAccount("production", 15)] });
    await using it = startSubject(config);
    it.api.reply = () => ({ state: "Down" });
    await it.clock.advance(20 * MINUTE_MS);
    const counts = await pollsIn(it, 30 * MINUTE_MS, "icon-007");
    // 95 of the budget's 100 in 5 minutes, over 15 interconnects.
    expect(counts).toBeGreaterThanOrEqual(36);
    expect(counts).toBeLessThanOrEqual(39);
    expect(it.store.read().state.entries.all.every(({ failures }) => failures.throttled === undefined)).toBe(
      true,
    );
  });
});

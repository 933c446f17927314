import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { getEventListeners } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { ApiError } from "../../src/domain/failure.ts";
import { failureOf, HEALTHY, reasonOf, subject } from "../helpers/client-subject.ts";
import { startRawServer } from "../helpers/raw-server.ts";

/** Resolves once undici has read the head of a response: nothing of ours shows it. */
async function whenHeadersCame(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = (): void => resolve();
  subscribe("undici:request:headers", listener);
  await promise;
  unsubscribe("undici:request:headers", listener);
}

describe("getStatus() throws the signal's reason at once", () => {
  test.each([
    ["before the headers", ""],
    ["within the body", "HTTP/1.1 200 X\r\ncontent-length: 99\r\n\r\n{"],
  ])("%s", async (_name, bytes) => {
    await using server = await startRawServer((socket) => socket.write(bytes));
    await using it = subject(server.url);
    const controller = new AbortController();
    const reason = new ApiError("timeout", "deadline");
    const outcome = reasonOf(it.get(controller.signal));
    await (bytes === "" ? vi.waitUntil(() => server.requests.length === 1) : whenHeadersCame());
    await it.clock.advance(70);
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    expect(it.observed).toEqual([{ operation: "status", account: "production", code: 0, durationMs: 70 }]);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    await vi.waitUntil(() => server.open() === 0);
  });

  test("while it waits for a connection, and is then never sent", async () => {
    const waiting: Socket[] = [];
    await using server = await startRawServer((socket) => waiting.push(socket));
    await using it = subject(server.url, 1);
    const first = it.get();
    await vi.waitUntil(() => waiting.length === 1);
    const controller = new AbortController();
    const reason = new Error("reload");
    const second = reasonOf(it.get(controller.signal));
    controller.abort(reason);
    expect(await second).toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    waiting[0]?.write(HEALTHY);
    await first;
    await it.clock.settle();
    expect(server.requests).toHaveLength(1);
  });

  test("when it had aborted before, and sends nothing", async () => {
    await using server = await startRawServer((socket) => socket.write(HEALTHY));
    await using it = subject(server.url);
    await expect(it.get(AbortSignal.abort("stop"))).rejects.toBe("stop");
    expect([server.requests, it.observed]).toEqual([[], []]);
  });

  test("unless the status alone has already told the failure", async () => {
    const head = "HTTP/1.1 429 X\r\nretry-after: 30\r\ncontent-length: 99\r\n\r\n{";
    await using server = await startRawServer((socket) => socket.write(head));
    await using it = subject(server.url);
    const controller = new AbortController();
    const failure = failureOf(it.get(controller.signal));
    await whenHeadersCame();
    await it.clock.settle();
    controller.abort(new Error("deadline"));
    expect(await failure).toMatchObject({ kind: "rate_limited", retryAfterMs: 30_000 });
    expect(it.observed).toMatchObject([{ code: 429 }]);
  });
});

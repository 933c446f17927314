import { once } from "node:events";
import { request } from "node:http";
import fastify from "fastify";
import { describe, expect, test } from "vitest";
import { followAnswers } from "../../src/http/follow-answers.ts";
import { listen } from "../../src/http/listen.ts";
import { untilTrue } from "../helpers/until.ts";

/** A server whose answer comes when the test says; how many requests wait for theirs. */
async function start() {
  const app = fastify({ forceCloseConnections: true });
  const answersSent = followAnswers(app);
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  let waiting = 0;
  app.get("/", async () => {
    waiting += 1;
    await promise;
    return "answer";
  });
  app.get("/fast", () => "answer");
  const port = await listen(app, { host: "127.0.0.1", port: 0 });
  return {
    port,
    answer,
    answersSent,
    ask: async (path = "/") => (await fetch(`http://127.0.0.1:${port}${path}`)).text(),
    whenWaiting: (count: number) => untilTrue(`${count} to wait`, () => waiting === count),
    [Symbol.asyncDispose]: () => app.close(),
  };
}

/** Whether the promise has resolved by the next turns of the event loop. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  const later = new Promise<false>((resolve) => setImmediate(() => resolve(false)));
  return await Promise.race([promise.then(() => true), later]);
}

describe("followAnswers()", () => {
  test("resolves at once when no answer is under way, and after earlier ones are sent", async () => {
    await using it = await start();
    await it.answersSent();
    expect(await it.ask("/fast")).toBe("answer");
    await it.answersSent();
  });

  test("waits for every answer that is under way", async () => {
    await using it = await start();
    const asked = [it.ask(), it.ask()];
    await it.whenWaiting(2);
    const sent = it.answersSent();
    expect(await isSettled(sent)).toBe(false);
    it.answer();
    await sent;
    expect(await Promise.all(asked)).toEqual(["answer", "answer"]);
  });

  test("does not wait for a client that has left", async () => {
    await using it = await start();
    const asking = request({ host: "127.0.0.1", port: it.port, path: "/" });
    const left = once(asking, "error");
    asking.end();
    await it.whenWaiting(1);
    const sent = it.answersSent();
    expect(await isSettled(sent)).toBe(false);
    asking.destroy();
    await left;
    await sent;
  });
});

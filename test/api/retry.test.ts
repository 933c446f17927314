import { getEventListeners } from "node:events";
import { assert as check, double, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { backoffMs, withRetry } from "../../src/api/retry.ts";
import { ApiError } from "../../src/domain/failure.ts";
import { FakeClock } from "../helpers/fake-clock.ts";

const DOWN = new ApiError("server_error", "HTTP 502", { retryable: true, cfRay: "8a1b-SYD" });
const REFUSED = new ApiError("unauthorized", "HTTP 401");

type Attempt = (signal: AbortSignal) => Promise<string>;

/** Never ends by itself; throws the signal's reason, as the client does. */
function hang(signal: AbortSignal): Promise<string> {
  const { promise, reject } = Promise.withResolvers<string>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return promise;
}

function fails(error: unknown): Attempt {
  return async () => {
    throw error;
  };
}

function start(attempts: readonly Attempt[], options: { retries?: number; allow?: boolean } = {}) {
  const clock = new FakeClock();
  const caller = new AbortController();
  const begun: number[] = [];
  const retried: ApiError[] = [];
  const startMs = clock.now().monoMs;
  const attempt: Attempt = (signal) => {
    begun.push(clock.now().monoMs - startMs);
    return attempts[begun.length - 1]?.(signal) ?? Promise.resolve("answer");
  };
  const result = withRetry(attempt, {
    retries: options.retries ?? 2,
    timeoutMs: 10_000,
    clock,
    random: () => 0,
    signal: caller.signal,
    onRetry: (error) => {
      retried.push(error);
      return options.allow ?? true;
    },
  });
  const outcome = result.catch((error: unknown) => error);
  const leftovers = () => [clock.sleeping, getEventListeners(caller.signal, "abort").length];
  return { clock, caller, begun, retried, outcome, leftovers };
}

test("backoffMs() doubles from 250 ms up to 2 s, and takes half to all of it", () => {
  expect([0, 1, 2, 3, 4, 50].map((attempt) => backoffMs(attempt, () => 0))).toEqual([
    125, 250, 500, 1000, 1000, 1000,
  ]);
  check(
    property(
      integer({ min: 0, max: 2000 }),
      double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, chance) => {
        const whole = Math.min(250 * 2 ** attempt, 2000);
        const ms = backoffMs(attempt, () => chance);
        expect(ms >= whole / 2 && ms <= whole).toBe(true);
      },
    ),
  );
});

test("withRetry() asks again after a retryable error, later each time", async () => {
  const it = start([fails(DOWN), fails(DOWN)]);
  await it.clock.advance(1000);
  expect(await it.outcome).toBe("answer");
  expect(it.begun).toEqual([0, 125, 375]);
  expect(it.retried).toEqual([DOWN, DOWN]);
  expect(it.leftovers()).toEqual([0, 0]);
});

test("withRetry() throws the last error when the retries are used up", async () => {
  const last = new ApiError("network", "reset", { retryable: true });
  const it = start([fails(DOWN), fails(last)], { retries: 1 });
  await it.clock.advance(1000);
  expect(await it.outcome).toBe(last);
  expect(it.begun).toHaveLength(2);
  expect(it.leftovers()).toEqual([0, 0]);
});

test.each([
  REFUSED,
  new ApiError("rate_limited", "HTTP 429", { retryAfterMs: 1 }),
  new TypeError("a bug"),
  "text",
])("withRetry() lets %s through at once", async (error) => {
  const it = start([fails(error)]);
  expect(await it.outcome).toBe(error);
  expect(it.begun).toHaveLength(1);
  expect(it.leftovers()).toEqual([0, 0]);
});

test("withRetry() waits exactly as long as the answer asked", async () => {
  const it = start([
    fails(new ApiError("server_error", "HTTP 503", { retryable: true, retryAfterMs: 3000 })),
  ]);
  await it.clock.advance(3000);
  expect(await it.outcome).toBe("answer");
  expect(it.begun).toEqual([0, 3000]);
});

test("withRetry() starts no wait that would end after the deadline", async () => {
  const asked = new ApiError("server_error", "HTTP 503", { retryable: true, retryAfterMs: 10_000 });
  const it = start([fails(asked)]);
  expect(await it.outcome).toBe(asked);
  expect(it.leftovers()).toEqual([0, 0]);
});

test("withRetry() forgoes a retry that is not allowed", async () => {
  const it = start([fails(DOWN)], { allow: false });
  await it.clock.advance(125);
  expect(await it.outcome).toBe(DOWN);
  expect(it.begun).toHaveLength(1);
  expect(it.leftovers()).toEqual([0, 0]);
});

test("withRetry() ends an attempt that hangs at the deadline", async () => {
  const it = start([hang]);
  await it.clock.advance(9999);
  expect(it.begun).toHaveLength(1);
  await it.clock.advance(1);
  expect(await it.outcome).toMatchObject({
    kind: "timeout",
    retryable: false,
    message: "No answer within 10000 ms",
  });
  expect(it.leftovers()).toEqual([0, 0]);
});

test("withRetry() has one deadline for all attempts, and tells how the last one failed", async () => {
  const it = start([fails(DOWN), hang]);
  await it.clock.advance(10_000);
  expect(await it.outcome).toMatchObject({
    kind: "timeout",
    message: "No answer within 10000 ms; the attempt before had failed: HTTP 502",
    cfRay: "8a1b-SYD",
    cause: DOWN,
  });
});

test("withRetry() prefers what the answer told to the deadline that cut it short", async () => {
  const limited = new ApiError("rate_limited", "HTTP 429", { retryAfterMs: 30_000 });
  const it = start([(signal) => hang(signal).catch(() => Promise.reject(limited))]);
  await it.clock.advance(10_000);
  expect(await it.outcome).toBe(limited);
});

test.each([
  ["an attempt", hang],
  ["a wait", fails(DOWN)],
  [
    "an attempt that fails otherwise",
    (signal: AbortSignal) => hang(signal).catch(() => Promise.reject(REFUSED)),
  ],
])("withRetry() throws the caller's reason when it aborts during %s", async (_name, attempt) => {
  const it = start([attempt]);
  await it.clock.settle();
  const reason = new Error("reload");
  it.caller.abort(reason);
  expect(await it.outcome).toBe(reason);
  expect(it.begun).toHaveLength(1);
  expect(it.leftovers()).toEqual([0, 0]);
});

test("withRetry() does nothing for a caller that has aborted", async () => {
  const attempts: string[] = [];
  const attempt = async (): Promise<string> => attempts[attempts.push("sent") - 1] ?? "";
  const options = { retries: 0, timeoutMs: 1, clock: new FakeClock(), random: () => 0, onRetry: () => true };
  await expect(withRetry(attempt, { ...options, signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
  expect(attempts).toEqual([]);
});

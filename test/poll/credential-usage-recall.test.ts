import { describe, expect, test } from "vitest";
import { CLOUDFLARE_LIMIT } from "../../src/base/cloudflare-limit.ts";
import { CredentialUsage } from "../../src/poll/credential-usage.ts";
import { instant } from "../helpers/entry-builder.ts";

function usageWith(sentMs: readonly number[]): CredentialUsage {
  const usage = new CredentialUsage();
  for (const ms of sentMs) {
    usage.turn(instant(ms).monoMs, Number.POSITIVE_INFINITY, 1000, 0);
    usage.sent(instant(ms).monoMs);
  }
  return usage;
}

describe("CredentialUsage.sentTimes()", () => {
  test("gives when each request of the window was sent", () => {
    const usage = usageWith([0, 200_000, 200_400]);
    expect(usage.sentTimes(instant(CLOUDFLARE_LIMIT.windowMs + 1).monoMs)).toEqual([
      instant(200_000).monoMs,
      instant(200_400).monoMs,
    ]);
    expect(new CredentialUsage().sentTimes(instant(0).monoMs)).toEqual([]);
  });
});

describe("CredentialUsage.recall()", () => {
  test("counts what was sent before, and forgets it in time", () => {
    const usage = usageWith([0]);
    usage.recall([instant(-2000).monoMs, instant(-1000).monoMs]);
    expect(usage.used(instant(0).monoMs)).toBe(3);
    expect(usage.take(instant(0).monoMs, 3)).toBe(false);
    expect(usage.turn(instant(0).monoMs, Number.POSITIVE_INFINITY, 3, 0)).toBe(
      instant(CLOUDFLARE_LIMIT.windowMs - 2000).monoMs,
    );
    expect(usage.used(instant(CLOUDFLARE_LIMIT.windowMs - 1500).monoMs)).toBe(2);
  });
});

describe("CredentialUsage.absorb()", () => {
  test("takes on requests, the last turn and the longer pause, and trusts the credential anew", () => {
    const before = usageWith([0, 3000]);
    before.pause(instant(3000), 60_000);
    before.guard = { refusals: 9, last: { kind: "unauthorized", message: "" }, letThroughMs: 0 };
    const usage = usageWith([1000]);
    usage.absorb(before);
    usage.absorb(usageWith([]));
    const nowMs = instant(3000).monoMs;
    expect(usage.used(nowMs)).toBe(3);
    expect(usage.pausedUntil).toEqual(instant(63_000));
    expect(usage.guard.refusals).toBe(0);
    expect(usage.turn(nowMs, Number.POSITIVE_INFINITY, 100, 500)).toBe(nowMs + 500);
  });
});

import { expect, test } from "vitest";
import { stopped } from "../../src/cli/command.ts";

test("stopped() resolves when the signal aborts, and at once when it already has", async () => {
  const stop = new AbortController();
  let resolved = false;
  const waiting = stopped(stop.signal).then(() => (resolved = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(resolved).toBe(false);
  stop.abort();
  expect(await waiting).toBe(true);
  await expect(stopped(stop.signal)).resolves.toBeUndefined();
});

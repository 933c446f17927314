import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 50;

/**
 * Looks again and again until there is something to see, and returns it; undefined and an error mean "not yet".
 * Rejects after `withinMs` with `what` and the last error.
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  withinMs = 15_000,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  let lastError: unknown;
  while (performance.now() < endMs) {
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`Waited ${withinMs} ms in vain for ${what}`, { cause: lastError });
}

/** Waits for something to be true, as `until` does. */
export async function untilTrue(
  what: string,
  look: () => boolean | Promise<boolean>,
  withinMs?: number,
): Promise<void> {
  await until(what, async () => ((await look()) ? true : undefined), withinMs);
}

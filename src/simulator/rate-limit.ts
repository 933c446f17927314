/** So many requests per window; one more blocks the credential for a whole window. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

export interface RateUsage {
  readonly remaining: number;
  /** Until the oldest counted request leaves the window, rounded up. */
  readonly resetSeconds: number;
  /** Seconds of the block that is left, rounded up; undefined when the request is let through. */
  readonly blockedSeconds: number | undefined;
}

/** Counts the requests of each credential in a sliding window of monotonic time. */
export class RateCounter {
  readonly #limit: RateLimit;
  readonly #sentMs = new Map<string, number[]>();
  readonly #blockedUntilMs = new Map<string, number>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Counts one request, unless it is blocked. */
  take(credentialId: string, monoMs: number): RateUsage {
    const { requests, windowMs } = this.#limit;
    const recent = (this.#sentMs.get(credentialId) ?? []).filter((sentMs) => sentMs > monoMs - windowMs);
    this.#sentMs.set(credentialId, recent);
    let untilMs = this.#blockedUntilMs.get(credentialId) ?? 0;
    if (untilMs <= monoMs && recent.length >= requests) {
      untilMs = monoMs + windowMs;
      this.#blockedUntilMs.set(credentialId, untilMs);
    }
    if (untilMs > monoMs) {
      const blockedSeconds = Math.ceil((untilMs - monoMs) / 1000);
      return { remaining: 0, resetSeconds: blockedSeconds, blockedSeconds };
    }
    recent.push(monoMs);
    const resetSeconds = Math.ceil(((recent[0] ?? monoMs) + windowMs - monoMs) / 1000);
    return { remaining: requests - recent.length, resetSeconds, blockedSeconds: undefined };
  }

  forget(): void {
    this.#sentMs.clear();
    this.#blockedUntilMs.clear();
  }
}

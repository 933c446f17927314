/** What is asked of the API. */
export const OPERATIONS = ["status", "list", "verify"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One HTTP request to the API that ended, well or not. */
export interface ApiRequest {
  readonly operation: Operation;
  /** The account's name in the config. */
  readonly account: string;
  /** The HTTP status; 0 without a response. */
  readonly code: number;
  readonly durationMs: number;
  /** What the API says is left of its rate limit, informational; absent when it does not say. */
  readonly rateLimitRemaining?: number;
}

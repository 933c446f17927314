/** Why a poll failed: a closed set, since each kind is a label value. */
export const FAILURE_KINDS = [
  "timeout",
  "network",
  "tls",
  "unauthorized",
  "forbidden",
  "not_found",
  "rate_limited",
  "throttled",
  "client_error",
  "server_error",
  "invalid_response",
  "internal",
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** A failed poll as a value: `kind` is a label, `message` is for logs and pages only. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly cfRay?: string;
}

interface ApiErrorOptions {
  /** Whether asking again at once, inside the same poll, can help. */
  readonly retryable?: boolean;
  /** What a 429 asked for, in milliseconds; undefined when it did not say. */
  readonly retryAfterMs?: number | undefined;
  /** Cloudflare's request id, for its support. */
  readonly cfRay?: string | undefined;
  readonly cause?: unknown;
}

/** The one error that the API client throws. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly kind: FailureKind;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly cfRay: string | undefined;

  constructor(kind: FailureKind, message: string, options: ApiErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.cfRay = options.cfRay;
  }
}

/** What a path asks for; `loa` generates a document and is never to be asked, `other` is any path unknown to us. */
export type Operation = "status" | "get" | "list" | "verify-user" | "verify-account" | "loa" | "other";

/** One request as it came in. */
export interface RequestEntry {
  /** Unix ms of its arrival. */
  readonly atMs: number;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly operation: Operation;
  /** The account id in the path, or "". */
  readonly account: string;
  /** The interconnect in the path, decoded, or "". */
  readonly interconnect: string;
  readonly userAgent: string;
  readonly cfRay: string;
  /** 0 as long as no answer has begun, and for one that never does. */
  readonly status: number;
  /** Something that a client of this API must never do: ask for a letter of authorization, or write. */
  readonly violation: boolean;
}

/** Beyond this the older half is dropped, so that a simulator that runs for days does not grow. */
const MOST_ENTRIES = 50_000;

/** The open end of an entry. */
export interface Visit {
  readonly entry: RequestEntry;
  /** Number of this request, from 1. */
  readonly serial: number;
  readonly answered: (status: number) => void;
  readonly left: () => void;
}

/** Requests in order of arrival, and how many were under way at once. */
export class RequestLog {
  #entries: RequestEntry[] = [];
  #serial = 0;
  #inFlight = 0;
  #maxInFlight = 0;

  get entries(): readonly RequestEntry[] {
    return this.#entries;
  }

  get maxInFlight(): number {
    return this.#maxInFlight;
  }

  begin(entryOf: (serial: number) => Omit<RequestEntry, "status">): Visit {
    this.#serial += 1;
    const serial = this.#serial;
    const entry = { ...entryOf(serial), status: 0 };
    if (this.#entries.length >= MOST_ENTRIES) this.#entries = this.#entries.slice(MOST_ENTRIES / 2);
    this.#entries.push(entry);
    this.#inFlight += 1;
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight);
    return {
      entry,
      serial,
      answered: (status) => {
        entry.status = status;
      },
      left: () => {
        this.#inFlight -= 1;
      },
    };
  }

  clear(): void {
    this.#entries = [];
    this.#maxInFlight = this.#inFlight;
  }
}

/**
 * Stories for fire drills: each happens once, to chosen interconnects or to whole accounts, and is long enough for the
 * alert that it is to raise. Their time begins when the API is asked for a status for the first time.
 */
import type { ScriptedAnswer } from "./override.ts";
import type { WorldStatus } from "./world.ts";

interface CircuitStory {
  readonly of: "circuits";
  readonly what: string;
  readonly minutes: number;
  readonly status: WorldStatus;
  /** It comes back and goes again, a rhythm of polls each. */
  readonly again?: true;
}

interface AccountStory {
  readonly of: "accounts";
  readonly what: string;
  readonly minutes: number;
  readonly answer: ScriptedAnswer;
}

const failing = (status: number, code: number, message: string, headers = {}): ScriptedAnswer => ({
  status,
  headers,
  body: { success: false, errors: [{ code, message }], messages: [], result: null },
});

/** What can happen, by the name that `--story` takes; how long is in minutes, a poll's interval of a minute included. */
export const DRILL_STORIES = {
  outage: {
    of: "circuits",
    what: "Down, no light",
    minutes: 5,
    status: { state: "Down", reason: "no light detected" },
  },
  brownout: {
    of: "circuits",
    what: "Unhealthy, low light",
    minutes: 5,
    status: { state: "Unhealthy", reason: "rx light level below -20 dBm" },
  },
  pending: {
    of: "circuits",
    what: "back to Pending",
    minutes: 5,
    status: { state: "Pending" },
  },
  flap: {
    of: "circuits",
    what: "Down and back, every other minute",
    minutes: 9,
    status: { state: "Down", reason: "no light detected" },
    again: true,
  },
  refused: {
    of: "accounts",
    what: "its credential refused (403)",
    minutes: 12,
    answer: failing(403, 10_000, "Authentication error"),
  },
  "rate-limited": {
    of: "accounts",
    what: "asked to slow down (429)",
    minutes: 5,
    answer: failing(429, 971, "Please wait and consider throttling your request speed", {
      "retry-after": "60",
    }),
  },
  unavailable: {
    of: "accounts",
    what: "answered with 503",
    minutes: 18,
    answer: failing(503, 10_000, "Service temporarily unavailable"),
  },
} as const satisfies Readonly<Record<string, CircuitStory | AccountStory>>;

export type DrillStory = keyof typeof DRILL_STORIES;

/** One story and whom it happens to. */
export interface Scene {
  readonly story: DrillStory;
  /** `<account id>/<interconnect>` for a story of circuits, ids for one of accounts. */
  readonly where: ReadonlySet<string>;
}

/** A question to the API, `sinceMs` after the first one for a status. */
interface Question {
  readonly operation: string;
  readonly account: string;
  readonly interconnect: string;
  readonly sinceMs: number;
}

const MINUTE_MS = 60_000;

/** When a story happens, in ms since the first question. All is well for one rhythm of polls (a minute or longer) before. */
export function timesOf(story: DrillStory, intervalMs: number): { fromMs: number; toMs: number } {
  const fromMs = Math.max(intervalMs, MINUTE_MS);
  return { fromMs, toMs: fromMs + (DRILL_STORIES[story].minutes - 1) * MINUTE_MS + fromMs };
}

/** What the scene makes of a question; undefined when that is none of its business. */
export function answerOf(
  { story, where }: Scene,
  { operation, account, interconnect, sinceMs }: Question,
  intervalMs: number,
): ScriptedAnswer | undefined {
  const { fromMs, toMs } = timesOf(story, intervalMs);
  if (sinceMs < fromMs || sinceMs >= toMs) return undefined;
  const told: CircuitStory | AccountStory = DRILL_STORIES[story];
  if (told.of === "accounts") return where.has(account) ? told.answer : undefined;
  if (operation !== "status" || !where.has(`${account}/${interconnect}`)) return undefined;
  const turn = Math.floor((sinceMs - fromMs) / fromMs);
  return told.again === true && turn % 2 === 1 ? undefined : { body: told.status };
}

import { z } from "zod";
import type { Instant } from "../base/clock.ts";
import type { Discovery, Listing } from "../domain/discovered.ts";
import type { Remembered } from "../domain/entry.ts";
import { FAILURE_KINDS } from "../domain/failure.ts";
import type { History } from "../domain/history.ts";
import { LINK_STATES, STATES } from "../domain/link-state.ts";
import type { InterconnectInfo } from "../domain/target.ts";
import { type Writer, writerField } from "./writer.ts";

// One codec for each kind of line: `decode` gives what we work with, `encode` the object that is written as JSON. Fields that
// are not named here are passed over, so that a later version can add some and an earlier one still reads the file.

/** What was asked with one credential. Cloudflare counts it however often we start. */
export interface SavedUsage {
  /** Unix seconds, each with the number of requests sent up to it. */
  readonly sent: readonly (readonly [unixSeconds: number, requests: number])[];
  /** Unix time; 0 when there was no pause. */
  readonly pausedUntilMs: number;
}

/** What the first line says of the whole file, beside its format and version. */
export interface SavedHeader {
  readonly writtenMs: number;
  /** Whether it was written at the end of a process, after its last request. */
  readonly clean: boolean;
  /** Requests allowed per credential in 5 minutes. */
  readonly budget: number;
  /** Absent in a file of a version that did not say. */
  readonly writer?: Writer | undefined;
}

type Known = Discovery["known"][number];

const text = z.string("expected text");
const wholeNumber = z.int("expected a whole number").min(0, "expected a whole number");
const state = z.enum(STATES, "expected a state");
const linkState = z.enum(LINK_STATES, "expected a state of the API");

/** A Unix time, written so that it can be read back: a clock that was far off must not cost the whole file. */
const unixTime = z.codec(wholeNumber, z.number(), {
  decode: (time) => time,
  encode: (time) => Math.max(0, Math.round(time)),
});

/** A moment of the wall clock as an instant; one in the future, after the clock was set back, counts as now. */
export function instantOf(unixMs: number, now: Instant): Instant {
  const agoMs = Math.max(0, now.unixMs - unixMs);
  return { unixMs: now.unixMs - agoMs, monoMs: now.monoMs - agoMs };
}

/** A Unix time in the file, an instant counted back from `now` once it is read. */
function instantFrom(now: Instant) {
  return z.codec(unixTime, z.custom<Instant>(), {
    decode: (unixMs) => instantOf(unixMs, now),
    encode: ({ unixMs }) => unixMs,
  });
}

export const headerLine = z.codec(
  z.object({
    written_ms: unixTime,
    clean: z.boolean("expected true or false"),
    budget: wholeNumber,
    writer: writerField.optional(),
  }),
  z.custom<SavedHeader>(),
  {
    decode: ({ written_ms: writtenMs, clean, budget, writer }) => ({ writtenMs, clean, budget, writer }),
    encode: ({ writtenMs, clean, budget, writer }) => ({ written_ms: writtenMs, clean, budget, writer }),
  },
);

/** An account and the credential that it used. */
export const credentialLine = z.codec(
  z.object({ account: text, credential: text }),
  z.custom<readonly [account: string, credential: string]>(),
  {
    decode: ({ account, credential }) => [account, credential] as const,
    encode: ([account, credential]) => ({ account, credential }),
  },
);

const sent: z.ZodType<SavedUsage["sent"]> = z.array(
  z.tuple([unixTime, wholeNumber], "expected a pair of a Unix time and a number"),
  "expected a list",
);

/** A credential's usage, in the file its ledger. */
export const usageLine = z.codec(
  z.object({ ledger: text, sent, paused_until_ms: unixTime }),
  z.custom<readonly [credential: string, SavedUsage]>(),
  {
    decode: (line) => [line.ledger, { sent: line.sent, pausedUntilMs: line.paused_until_ms }] as const,
    encode: ([ledger, usage]) => ({ ledger, sent: usage.sent, paused_until_ms: usage.pausedUntilMs }),
  },
);

/** An account's listing, without what it knows: each interconnect of it has a line of its own. */
export function listingLine(now: Instant) {
  const instant = instantFrom(now);
  return z.codec(
    z.object({
      listing: text,
      account_id: text,
      pages: wholeNumber,
      empty_lists: wholeNumber,
      listed_ms: instant,
    }),
    z.custom<readonly [account: string, Listing]>(),
    {
      decode: (line) => {
        const discovery = { known: [], emptyLists: line.empty_lists };
        const { account_id: accountId, pages, listed_ms: listed } = line;
        return [line.listing, { accountId, wanted: undefined, discovery, pages, listed }] as const;
      },
      encode: ([listing, { accountId, discovery, pages, listed }]) => ({
        listing,
        account_id: accountId,
        pages,
        empty_lists: discovery.emptyLists,
        listed_ms: listed,
      }),
    },
  );
}

const info: z.ZodType<InterconnectInfo> = z.object(
  { type: text, site: text, facility: text, speed: text, device: text, region: text, slotId: text },
  "expected an object",
);

/** An interconnect that an account's listing knows. */
export const listedLine = z.codec(
  z.object({ listed: text, name: text, missed_lists: wholeNumber, info }),
  z.custom<readonly [account: string, Known]>(),
  {
    decode: (line) =>
      [line.listed, { name: line.name, missedLists: line.missed_lists, info: line.info }] as const,
    encode: ([listed, known]) => ({
      listed,
      name: known.name,
      missed_lists: known.missedLists,
      info: known.info,
    }),
  },
);

const time = z.number("expected a time");
const change = z.object(
  { atUnixMs: time, from: state, to: state, reason: text, reasonClass: text },
  "expected a change of state",
);
const failure = z.object(
  { kind: z.enum(FAILURE_KINDS, "expected a kind of failure"), message: text, cfRay: text.exactOptional() },
  "expected a failure",
);
/** Not in files of before it was kept. */
const duration = z.number("expected a duration").min(0, "expected a duration").optional();
const failedPoll = z.object(
  { outcome: z.literal("failed", "expected a failed poll"), atUnixMs: time, durationMs: duration, failure },
  "expected a failed poll",
);
const answeredPoll = z.object({
  outcome: z.literal("answered"),
  atUnixMs: time,
  durationMs: duration,
  word: text,
  cfRay: text.optional(),
});
const poll = z.discriminatedUnion("outcome", [answeredPoll, failedPoll], "expected a poll");
const history: z.ZodType<History> = z.object(
  {
    changes: z.array(change, "expected a list"),
    polls: z.array(poll, "expected a list"),
    failures: z.array(failedPoll, "expected a list"),
  },
  "expected a history of changes and polls",
);

/** An interconnect that has been answered for, by the key of its target. */
export function interconnectLine(now: Instant) {
  const instant = instantFrom(now);
  return z.codec(
    z.object({
      interconnect: text,
      state,
      since_ms: instant,
      changed_ms: instant.nullable(),
      last_known: linkState.nullable(),
      last_success_ms: instant,
      reason: text,
      reason_class: text,
      history,
    }),
    z.custom<readonly [key: string, Remembered]>(),
    {
      decode: (line) => {
        const known: Remembered = {
          state: line.state,
          since: line.since_ms,
          changed: line.changed_ms ?? undefined,
          lastKnown: line.last_known ?? undefined,
          lastSuccess: line.last_success_ms,
          reason: { text: line.reason, class: line.reason_class },
          history: line.history,
        };
        return [line.interconnect, known] as const;
      },
      encode: ([interconnect, known]) => ({
        interconnect,
        state: known.state,
        since_ms: known.since,
        changed_ms: known.changed ?? null,
        last_known: known.lastKnown ?? null,
        last_success_ms: known.lastSuccess,
        reason: known.reason.text,
        reason_class: known.reason.class,
        history: known.history,
      }),
    },
  );
}

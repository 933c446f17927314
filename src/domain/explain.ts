import type { Instant } from "../base/clock.ts";
import type { FailureKind } from "./failure.ts";
import { isLinkState } from "./link-state.ts";
import { classifyReason, keepReason, labelText, type Reason, type ReasonRules } from "./reason.ts";

/** The distinct label texts that an interconnect has shown on a UTC day, for the cap. */
export interface ReasonsOfDay {
  readonly day: number;
  readonly labels: readonly string[];
}

const DAY_MS = 86_400_000;
/** Longest part of an unheard-of state word that is repeated, in code units. */
const WORD_LENGTH = 60;

/** Why the state is not known, in words that stay the same as long as the kind does. */
const FAILURE_TEXTS: Readonly<Record<FailureKind, string>> = {
  timeout: "the API did not answer in time",
  network: "the API could not be reached",
  tls: "the TLS connection to the API failed",
  unauthorized: "the API did not accept the credential",
  forbidden: "the API refused access",
  not_found: "the API does not know this interconnect",
  rate_limited: "the rate limit of the API was reached",
  throttled: "the request budget of the exporter was spent",
  client_error: "the API refused the request",
  server_error: "the API failed",
  invalid_response: "the answer of the API was not understood",
  internal: "the exporter failed: a bug, please report it",
};

/** Before the first poll has ended. */
export function explainNoPoll(rules: ReasonRules): Reason {
  return reasonOf("not polled yet", "not_polled", rules);
}

/** When the last answer grew too old although no poll failed since. */
export function explainSilence(rules: ReasonRules): Reason {
  return reasonOf("no poll has finished for too long", "not_polled", rules);
}

/** When polls fail and no answer is left to believe. */
export function explainFailure(kind: FailureKind, rules: ReasonRules): Reason {
  return reasonOf(FAILURE_TEXTS[kind], kind, rules);
}

/** The reason that came with an answer, its label held under the cap on distinct texts per UTC day. */
export function explainAnswer(
  before: ReasonsOfDay,
  answer: { readonly word: string; readonly reason: string | undefined; readonly at: Instant },
  rules: ReasonRules,
): { reason: Reason; reasonsOfDay: ReasonsOfDay } {
  const day = Math.floor(answer.at.unixMs / DAY_MS);
  const labels = before.day === day ? before.labels : [];
  const reason = isLinkState(answer.word)
    ? answeredReason(answer.reason ?? "", rules)
    : unknownWordReason(answer.word, rules);
  const { text } = reason.label;
  if (text === "" || labels.includes(text)) return { reason, reasonsOfDay: { day, labels } };
  if (labels.length < rules.maxPerInterconnect) {
    return { reason, reasonsOfDay: { day, labels: [...labels, text] } };
  }
  return { reason: { ...reason, label: { ...reason.label, text: "other" } }, reasonsOfDay: { day, labels } };
}

function answeredReason(raw: string, rules: ReasonRules): Reason {
  const text = keepReason(raw);
  return reasonOf(text, classifyReason(text, rules.classes), rules);
}

function unknownWordReason(word: string, rules: ReasonRules): Reason {
  const more = word.length > WORD_LENGTH ? "…" : "";
  const shown = `${quoteAsItCame(word.slice(0, WORD_LENGTH))}${more}`;
  return reasonOf(
    `the API answered a state that this version does not know: ${shown}`,
    "unknown_state",
    rules,
  );
}

/** In double quotes, what cannot be seen as escapes: spaces around a known word may be all that tells it from that. */
function quoteAsItCame(word: string): string {
  return JSON.stringify(word).replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu,
    (point) => `\\u{${Number(point.codePointAt(0)).toString(16)}}`,
  );
}

function reasonOf(text: string, reasonClass: string, rules: ReasonRules): Reason {
  return {
    text,
    class: reasonClass,
    label: { text: labelText(text, rules), class: rules.label === "off" ? "" : reasonClass },
  };
}

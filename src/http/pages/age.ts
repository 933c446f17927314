import type { Instant } from "../../base/clock.ts";
import type { Entry } from "../../domain/entry.ts";
import { html, type Html } from "./html.ts";
import { durationText } from "./words.ts";

/** How far an answer can be trusted by its age: `old` when polls are missing, `doubtful` when it will soon not be believed. */
type Trust = "fresh" | "old" | "doubtful";

/** What is normal for the account of a circuit. Milliseconds. */
export interface Rhythm {
  readonly intervalMs: number;
  readonly staleAfterMs: number;
}

/** An answer is a poll old at most when all is well, and a second one may be under way. */
const POLLS_MISSED = 2.5;

function trustOf(ageMs: number, { intervalMs, staleAfterMs }: Rhythm): Trust {
  if (ageMs <= POLLS_MISSED * intervalMs) return ageMs > staleAfterMs ? "doubtful" : "fresh";
  return ageMs > staleAfterMs / 2 ? "doubtful" : "old";
}

/** A duration up to now, which the script of the page counts on. */
export function countedAge(ageMs: number, id?: string): Html {
  const text = durationText(ageMs);
  const whole = Math.round(ageMs);
  return id === undefined
    ? html`<span data-age="${whole}">${text}</span>`
    : html`<span id="${id}" data-age="${whole}">${text}</span>`;
}

/** How old the last good answer is, by the clock that does not jump; ever more doubtful to look at as it grows. */
export function ageOf({ lastSuccess }: Entry, rhythm: Rhythm, now: Instant): Html {
  if (lastSuccess === undefined) return html`<span class="age doubtful">never answered</span>`;
  const ageMs = Math.max(0, now.monoMs - lastSuccess.monoMs);
  const trust = trustOf(ageMs, rhythm);
  const text = html`answer ${countedAge(ageMs)} old`;
  return trust === "fresh"
    ? html`<span class="age">${text}</span>`
    : html`<span class="age ${trust}">${text}</span>`;
}

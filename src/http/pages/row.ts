import type { Instant } from "../../base/clock.ts";
import { cutText } from "../../base/cut-text.ts";
import type { Entry } from "../../domain/entry.ts";
import type { Target } from "../../domain/target.ts";
import { ageOf, countedAge, type Rhythm } from "./age.ts";
import { siteOf } from "./filter.ts";
import { html, type Html } from "./html.ts";
import { circuitLink, runbookLink, runbookOfState } from "./links.ts";
import { chipOf } from "./shape.ts";
import { stripOf } from "./strip.ts";
import { isoTime, utcText } from "./words.ts";

export interface RowContext {
  readonly now: Instant;
  readonly linkPrefix: string;
  readonly rhythmOf: (account: string) => Rhythm;
}

/** Longest text of others in a row, in code points: the whole of it is on the circuit's own page. */
const TEXT_LENGTH = 200;
const LABEL_LENGTH = 60;

/** By which a circuit is found in a page. */
export function rowId({ key }: Target): string {
  return `c-${encodeURIComponent(key)}`;
}

/** One circuit of the wall: all that can be said of it in one look. */
export function rowOf(entry: Entry, context: RowContext): Html {
  const { target, state, since, reason, lastKnown } = entry;
  const { now } = context;
  const runbook = runbookOfState(entry);
  const facts = [
    target.account,
    siteOf(target.info),
    target.info.facility,
    target.info.speed,
    ...Object.values(target.labels),
  ].filter((fact) => fact !== "");
  const why = [
    reason.text === ""
      ? undefined
      : html`<b><bdi>${cutText(reason.text, TEXT_LENGTH)}</bdi></b> <span class="dim">${reason.class}</span>`,
    state === "Unknown" && lastKnown !== undefined ? html`<span>last known ${lastKnown}</span>` : undefined,
    state === target.expectedState || target.expectedState === "Healthy"
      ? undefined
      : html`<span>expected ${target.expectedState}</span>`,
  ].filter((part) => part !== undefined);
  const whatToDo =
    runbook === undefined
      ? undefined
      : html` ·
          <a href="${runbookLink(context, runbook)}"
            >what to do<span class="sr"> about ${target.interconnect}</span></a
          >`;
  return html`<li class="row ${state}" id="${rowId(target)}">
    <div class="is">
      ${chipOf(state)} <span class="for">for ${countedAge(now.monoMs - since.monoMs)}</span>
      <time datetime="${isoTime(since.unixMs)}">since ${utcText(since.unixMs)}</time>
    </div>
    <div class="name">
      <a href="${circuitLink(context, target)}"><bdi>${target.interconnect}</bdi></a>
      <p>${joined(facts.map((fact) => html`<bdi>${cutText(fact, LABEL_LENGTH)}</bdi>`))}</p>
    </div>
    <div class="why">
      ${why.length === 0 ? undefined : html`<p>${joined(why)}</p>`}
      <p class="dim">${ageOf(entry, context.rhythmOf(target.account), now)}${pollOf(entry)}${whatToDo}</p>
    </div>
    ${stripOf(entry, now)}
  </li> `;
}

/** That the last poll failed is what makes an answer of a minute ago doubtful; why, the circuit's own page and the banner say. */
function pollOf({ failure, reason }: Entry): Html | undefined {
  return failure === undefined || failure.kind === reason.class
    ? undefined
    : html` · last poll failed: ${failure.kind}`;
}

function joined(parts: readonly Html[]): readonly Html[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [html` · `, part]));
}

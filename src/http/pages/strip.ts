import type { Instant } from "../../base/clock.ts";
import type { Entry } from "../../domain/entry.ts";
import { STATES, type State } from "../../domain/link-state.ts";
import { shareOf, type Stretch, timelineOf } from "../../domain/timeline.ts";
import { html, type Html } from "./html.ts";
import { counted, durationText, percentText } from "./words.ts";

export const DAY_MS = 86_400_000;
/** A unit of the drawing is five minutes. */
const WIDTH = 288;
/** Whatever is wrong can be seen, however short it was. */
const NARROWEST = 1.5;

/**
 * The last 24 hours as a drawing: a low band while Healthy, a high one for what is not, hatched before what is remembered.
 * A path for each state, so that 50 changes take no more than some hundred bytes.
 */
export function stripOf(entry: Entry, now: Instant): Html {
  const stretches = timelineOf(entry, now, DAY_MS);
  const x = (unixMs: number): number => ((unixMs - (now.unixMs - DAY_MS)) / DAY_MS) * WIDTH;
  const paths = [undefined, ...STATES].map((state) => {
    const moves = stretches
      .filter((stretch) => stretch.state === state)
      .map(({ fromMs, toMs }) => {
        const [from, to] = [x(fromMs), x(toMs)];
        const width = state === "Healthy" ? to - from : Math.max(to - from, NARROWEST);
        return `M${rounded(Math.min(from, WIDTH - width))} ${heightOf(state)}h${rounded(width)}`;
      });
    return moves.length === 0 ? undefined : html`<path class="${state ?? "none"}" d="${moves.join("")}" />`;
  });
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} 20" preserveAspectRatio="none" role="img">
    <title>${wordsOf(stretches)}</title>
    ${paths.filter((path) => path !== undefined)}
  </svg>`;
}

/** The middle of the band, whose width the style sheet has. */
function heightOf(state: State | undefined): number {
  return state === "Healthy" ? 14 : 10;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The same for who cannot see it. */
function wordsOf(stretches: readonly Stretch[]): string {
  const { available, knownMs } = shareOf(stretches);
  if (available === undefined) return "Last 24 hours: not known";
  const changes = stretches.filter(({ state }) => state !== undefined).length - 1;
  return `Last 24 hours: ${percentText(available)} Healthy of ${durationText(knownMs)} known, ${counted(changes, "change")}`;
}

import type { State } from "../../domain/link-state.ts";
import { html, type Html } from "./html.ts";

/** A drawing for each state, told apart without colour: square with a cross, triangle, open ring with a question mark, clock, disc with a tick. */
const DRAWINGS: Readonly<Record<State, Html>> = {
  Down: html`<path d="M2 2h12v12H2z" /><path class="ink" d="m5 5 6 6m0-6-6 6" />`,
  Unhealthy: html`<path d="M8 1 15.5 15H.5z" /><path class="ink" d="M8 6v4m0 1.6v1.6" />`,
  Unknown: html`<g fill="none" stroke="currentColor" stroke-width="1.8">
    <circle cx="8" cy="8" r="6.9" />
    <path d="M6 6.3a2 2 0 1 1 3 1.7q-1 .5-1 1.4m0 1.2v1.3" />
  </g>`,
  Pending: html`<circle cx="8" cy="8" r="7" /><path class="ink" d="M8 4v4l2.8 1.8" />`,
  Healthy: html`<circle cx="8" cy="8" r="7" /><path class="ink" d="m4.8 8.2 2.3 2.3 4.2-4.6" />`,
};

/** The state by its shape, for what says the word beside it. */
export function shapeOf(state: State): Html {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true"><use href="#s-${state}" /></svg>`;
}

/** The state by word, colour and shape. */
export function chipOf(state: State): Html {
  return html`<span class="chip ${state}">${shapeOf(state)}${state}</span>`;
}

/** What the shapes of a page refer to, once. */
export function shapeDefinitions(): Html {
  const symbols = Object.entries(DRAWINGS).map(
    ([state, drawing]) => html`<symbol id="s-${state}" viewBox="0 0 16 16">${drawing}</symbol>`,
  );
  return html`<svg class="sr" aria-hidden="true">${symbols}</svg>`;
}

/** Colours of the icon in a browser's tab: they must do on a light bar and on a dark one. */
const ICON_COLOURS: Readonly<Record<State, string>> = {
  Down: "#d3352c",
  Unhealthy: "#c77700",
  Unknown: "#7a838c",
  Pending: "#3b82d4",
  Healthy: "#2b9a57",
};

/** The same for a page that tells of no state. */
export const PAGE_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="#7a838c"><path d="M3 1h7l3 3v11H3z" /></svg>';

/** The icon of the browser's tab for a worst state: an SVG file. */
export function iconOf(state: State): string {
  const ink = `.ink{fill:none;stroke:#fff;stroke-width:1.8}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="${ICON_COLOURS[state]}" color="${ICON_COLOURS[state]}"><style>${ink}</style>${DRAWINGS[state].toString()}</svg>`;
}

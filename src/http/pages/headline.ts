import { html, type Html } from "./html.ts";
import type { Survey } from "./survey.ts";
import { durationText, numberText } from "./words.ts";

interface Part {
  readonly state: string;
  readonly text: string;
}

/** What the first line counts, worst first; what is as expected only when there is nothing else. */
function partsOf({ unexpected, shown, quietIsHealthy }: Survey): readonly Part[] {
  if (shown === 0) return [{ state: "Unknown", text: "No circuits" }];
  if (unexpected.length === 0) {
    return [
      { state: "Healthy", text: `All ${numberText(shown)} ${quietIsHealthy ? "Healthy" : "as expected"}` },
    ];
  }
  return unexpected.map(({ state, count }) => {
    const word = state === "Healthy" ? "unexpectedly Healthy" : state;
    return { state, text: `${numberText(count)} ${word}` };
  });
}

/** The first line, as one reads it out on the telephone: `2 Down, 1 Unknown of 500`. */
export function headlineOf(survey: Survey): Html {
  const parts = partsOf(survey).flatMap(({ state, text }, index) => {
    const part = html`<b class="${state}">${text}</b>`;
    return index === 0 ? [part] : [html`, `, part];
  });
  return html`<h1>${parts}${ofText(survey)}</h1>`;
}

/** The same and how fresh it is, for the page's title. */
export function titleOf(survey: Survey): string {
  const headline = `${partsOf(survey)
    .map(({ text }) => text)
    .join(", ")}${ofText(survey)}`;
  return [headline, ...freshnessOf(survey)].join(" · ");
}

function ofText({ unexpected, shown }: Survey): string {
  return unexpected.length === 0 ? "" : ` of ${numberText(shown)}`;
}

/** How old the oldest answer is, and what has none. */
export function freshnessOf({ oldestMs, unanswered }: Survey): readonly string[] {
  const oldest = oldestMs === undefined ? [] : [`oldest answer ${durationText(oldestMs)}`];
  return unanswered === 0 ? oldest : [...oldest, `${numberText(unanswered)} without an answer yet`];
}

import { countedAge } from "./age.ts";
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

function freshnessOf(survey: Survey): readonly string[] {
  const { oldestMs } = survey;
  const oldest = oldestMs === undefined ? [] : [`oldest answer ${durationText(oldestMs)}`];
  return [...oldest, ...unansweredOf(survey)];
}

function unansweredOf({ unanswered }: Survey): readonly string[] {
  return unanswered === 0 ? [] : [`${numberText(unanswered)} without an answer yet`];
}

/** How old the oldest answer is, which is counted on in the page, and what has none; with more that there is to say. */
export function factsOf(survey: Survey, more: readonly string[]): Html {
  const { oldestMs } = survey;
  const facts = [...unansweredOf(survey), ...more].join(" · ");
  if (oldestMs === undefined) return html`${facts}`;
  return html`oldest answer ${countedAge(oldestMs, "oldest")}${facts === "" ? "" : ` · ${facts}`}`;
}

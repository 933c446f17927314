import { FILTER_NAMES, type FilterName, queryText, type WallFilter, type WallQuery } from "./filter.ts";
import { html, type Html } from "./html.ts";
import type { Choices } from "./survey.ts";

type Select = Exclude<FilterName, "q">;

const ALL: Readonly<Record<Select, string>> = {
  account: "All accounts",
  site: "All sites",
  group: "All groups",
  state: "All states",
};

/** Beyond so many a list to choose from is no help, and the text finds them. */
const MOST_OPTIONS = 300;

/** The filter as a form that works without script: its address is the view. */
export function filterForm({ filter }: WallQuery, choices: Choices, linkPrefix: string): Html {
  const selects = (Object.keys(ALL) as Select[])
    .filter((name) => choices[name].length > 1 || filter[name].length > 0)
    .map((name) => selectOf(name, filter[name], choices[name]));
  const [first = "", ...more] = filter.q;
  return html`<form id="filter" method="get" action="${linkPrefix}/" role="search">
    <input
      type="search"
      name="q"
      value="${first}"
      placeholder="Find a circuit, site or label"
      aria-label="Find"
    />
    ${more.map((value) => hidden("q", value))} ${selects}
    <button>Filter</button>
  </form>`;
}

/** One choice is selected in its list; several, which only an address can name, are kept as they are. */
function selectOf(name: Select, chosen: readonly string[], choices: readonly string[]): Html {
  if (chosen.length > 1) return html`${chosen.map((value) => hidden(name, value))}`;
  const [selected] = chosen;
  const listed = choices.slice(0, MOST_OPTIONS);
  const values = selected === undefined || listed.includes(selected) ? listed : [selected, ...listed];
  const options = values.map((value) =>
    value === selected ? html`<option selected>${value}</option>` : html`<option>${value}</option>`,
  );
  return html`<select name="${name}" aria-label="${ALL[name].replace("All ", "Only ")}">
    <option value="">${ALL[name]}</option>
    ${options}
  </select>`;
}

function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}" />`;
}

/** What is chosen, each with a link that takes it away. */
export function chosenOf(query: WallQuery, linkPrefix: string): Html | undefined {
  const chips = FILTER_NAMES.flatMap((name) =>
    query.filter[name].map((value) => {
      const without = { ...query, page: 1, filter: withoutValue(query.filter, name, value) };
      const label = name === "q" ? "text" : name;
      return html`<a
        class="chosen"
        href="${linkPrefix}/${queryText(without)}"
        aria-label="No longer only ${label} ${value}"
        >${label} <b><bdi>${value}</bdi></b> ×</a
      > `;
    }),
  );
  return chips.length === 0 ? undefined : html`<p class="chosens">Only ${chips}</p>`;
}

function withoutValue(filter: WallFilter, name: FilterName, value: string): WallFilter {
  return { ...filter, [name]: filter[name].filter((each) => each !== value) };
}

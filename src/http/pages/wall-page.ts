import type { AccountReading } from "../../metrics/account-gauges.ts";
import type { Entry } from "../../domain/entry.ts";
import { countedAge, type Rhythm } from "./age.ts";
import { bannerOf, type Picture } from "./banner.ts";
import { isFiltered, queryText, type WallQuery } from "./filter.ts";
import { chosenOf, filterForm } from "./filter-form.ts";
import { framed, type FrameOptions } from "./frame.ts";
import { factsOf, headlineOf, titleOf } from "./headline.ts";
import { html, type Html } from "./html.ts";
import { wallLink } from "./links.ts";
import { type RowContext, rowOf } from "./row.ts";
import { shapeOf } from "./shape.ts";
import { type GroupStanding, type Site, type Standing, type Survey, worstOf } from "./survey.ts";
import { counted, durationText, numberText } from "./words.ts";

/** More rows than this are on further pages: beyond, no browser scrolls well and no person reads. */
const ROWS_PER_PAGE = 200;
const REFRESH_SECONDS = 15;

/** The wall: a pure function of what is known, the moment, the query and the survey that its filter makes of them. */
export function wallPage(picture: Picture, survey: Survey, query: WallQuery, options: FrameOptions): string {
  const { snapshot, accounts } = picture;
  const context: RowContext = {
    now: snapshot.now,
    linkPrefix: options.linkPrefix,
    rhythmOf: rhythmsOf(accounts),
  };
  return framed(
    {
      title: titleOf(survey),
      worst: worstOf(survey),
      kind: query.tv ? "wall tv" : "wall",
      refreshSeconds: REFRESH_SECONDS,
      header: headerOf(picture, survey, query, options.linkPrefix),
      main: mainOf(survey, query, context),
    },
    options,
  );
}

/** By account, what is normal; of one that is not known, nothing is. */
export function rhythmsOf(accounts: readonly AccountReading[]): (account: string) => Rhythm {
  const byName = new Map(accounts.map((reading) => [reading.account, reading]));
  return (account) => byName.get(account) ?? { intervalMs: 0, staleAfterMs: 0 };
}

function headerOf(picture: Picture, survey: Survey, query: WallQuery, linkPrefix: string): Html {
  const more = isFiltered(query.filter)
    ? [`${numberText(survey.shown)} of ${counted(survey.all, "circuit")}`]
    : [];
  const facts = factsOf(survey, [...more, ...budgetFacts(picture.accounts)]);
  return html`${headlineOf(survey)}
    <p class="dim" id="facts">${facts}</p>
    <div id="faults">${bannerOf(picture)}</div>
    ${query.tv ? undefined : filterForm(query, survey.choices, linkPrefix)} ${chosenOf(query, linkPrefix)}`;
}

/** The rhythm, when it is one for all. */
function budgetFacts(accounts: readonly AccountReading[]): readonly string[] {
  const intervals = [...new Set(accounts.map(({ intervalMs }) => intervalMs))];
  const [intervalMs, ...others] = intervals;
  if (intervalMs === undefined) return [];
  const longest = Math.max(intervalMs, ...others);
  return [
    `polled every ${durationText(intervalMs)}${others.length === 0 ? "" : ` to ${durationText(longest)}`}`,
  ];
}

function mainOf(survey: Survey, query: WallQuery, context: RowContext): Html {
  if (survey.shown === 0) return emptyOf(survey);
  const { attention, sites, groups } = survey;
  const from = Math.min((query.page - 1) * ROWS_PER_PAGE, lastPageOf(survey) * ROWS_PER_PAGE - ROWS_PER_PAGE);
  const rows = attention.slice(from, from + ROWS_PER_PAGE).map((entry) => rowOf(entry, context));
  const needed =
    attention.length === 0
      ? undefined
      : html`<section id="attention">
          <h2>Needs attention · ${numberText(attention.length)}</h2>
          <ol class="rows">
            ${rows}
          </ol>
        </section>`;
  return html`${needed} ${groups.length === 0 || query.page > 1 ? undefined : groupsOf(groups, context)}
  ${quietOf(survey, sites, { from: from - attention.length, query, context })}
  ${pagesOf(survey, query, context.linkPrefix)}`;
}

function emptyOf({ all }: Survey): Html {
  return all === 0
    ? html`<p class="empty">
        No circuits are polled yet: the configuration names none, or the list of an account is still awaited.
      </p>`
    : html`<p class="empty">None of ${counted(all, "circuit")} fits the filter.</p>`;
}

const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  bad: ": below its minimum",
  uncertain: ": perhaps below its minimum",
  thin: ": nothing to spare",
  good: "",
};

/** Groups that are shown, the worst first: of more, an address can name one. */
const MOST_GROUPS = 100;

function groupsOf(groups: readonly GroupStanding[], context: RowContext): Html {
  const items = groups.slice(0, MOST_GROUPS).map(({ group, healthy, unknown, standing }) => {
    const members = group.members.length;
    const not = unknown === 0 ? "" : `, ${numberText(unknown)} Unknown`;
    return html`<li class="group ${standing}">
      ${shapeOf(SHAPES[standing])}
      <a href="${wallLink(context, { group: [group.name] })}"><bdi>${group.name}</bdi></a>
      ${numberText(healthy)} of ${numberText(members)} healthy${not}, minimum
      ${numberText(group.minHealthy)}${STANDING_WORDS[standing]}
    </li> `;
  });
  return html`<section id="groups">
    <h2>Groups · ${numberText(groups.length)}</h2>
    <ul class="groups">
      ${items}
    </ul>
    ${groups.length > MOST_GROUPS ? html`<p>And ${numberText(groups.length - MOST_GROUPS)} more that are no worse.</p>` : undefined}
  </section>`;
}

const SHAPES = { bad: "Down", uncertain: "Unknown", thin: "Unhealthy", good: "Healthy" } as const;

interface Window {
  /** Where the page's first row is among the quiet ones; below 0 while it has others before. */
  readonly from: number;
  readonly query: WallQuery;
  readonly context: RowContext;
}

/** What is as expected, folded by site; unfolded for who has chosen. */
function quietOf(survey: Survey, sites: readonly Site[], { from, query, context }: Window): Html | undefined {
  const count = survey.shown - survey.attention.length;
  if (count === 0) return undefined;
  const open = isFiltered(query.filter);
  const word = survey.quietIsHealthy ? "Healthy" : "As expected";
  let before = 0;
  const folds = sites.flatMap((site) => {
    const start = from - before;
    before += site.entries.length;
    const entries = site.entries.slice(Math.max(0, start), Math.max(0, start + ROWS_PER_PAGE));
    return entries.length === 0 ? [] : [foldOf(site, entries, { open, word, context })];
  });
  return html`<section id="quiet">
    <h2>${word} · ${numberText(count)}</h2>
    ${folds}
  </section>`;
}

interface Fold {
  readonly open: boolean;
  readonly word: string;
  readonly context: RowContext;
}

function foldOf({ name, entries: all, oldestMs }: Site, entries: readonly Entry[], fold: Fold): Html {
  const part = entries.length === all.length ? "" : ` · ${numberText(entries.length)} of them here`;
  const age = oldestMs === undefined ? undefined : html` · answers at most ${countedAge(oldestMs)} old`;
  const rows = entries.map((entry) => rowOf(entry, fold.context));
  const text = html`<summary>
      <bdi>${name === "" ? "Site not known" : name}</bdi>
      <span>· ${numberText(all.length)} ${fold.word.toLowerCase()}${age}${part}</span>
    </summary>
    <ol class="rows">
      ${rows}
    </ol>`;
  const id = `site-${encodeURIComponent(name)}`;
  return fold.open
    ? html`<details id="${id}" open>${text}</details>`
    : html`<details id="${id}">${text}</details>`;
}

function lastPageOf({ shown }: Survey): number {
  return Math.max(1, Math.ceil(shown / ROWS_PER_PAGE));
}

function pagesOf(survey: Survey, query: WallQuery, linkPrefix: string): Html | undefined {
  const last = lastPageOf(survey);
  if (last === 1) return undefined;
  const page = Math.min(query.page, last);
  const first = (page - 1) * ROWS_PER_PAGE + 1;
  const end = Math.min(page * ROWS_PER_PAGE, survey.shown);
  const link = (to: number, text: string): Html | undefined =>
    to < 1 || to > last || to === page
      ? undefined
      : html`<a href="${linkPrefix}/${queryText({ ...query, page: to })}">${text}</a> `;
  return html`<nav class="pages" aria-label="Pages">
    ${link(1, "First")} ${link(page - 1, "Previous")}
    <span>${numberText(first)} to ${numberText(end)} of ${numberText(survey.shown)}</span>
    ${link(page + 1, "Next")} ${link(last, "Last")}
  </nav>`;
}

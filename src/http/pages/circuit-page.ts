import type { Entry } from "../../domain/entry.ts";
import { groupWith } from "../../domain/group.ts";
import type { Group } from "../../domain/plan.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { entryOf } from "../../domain/state.ts";
import { shareOf, timelineOf } from "../../domain/timeline.ts";
import { verdictOf } from "../../domain/verdict.ts";
import { ageOf, countedAge, type Rhythm } from "./age.ts";
import { bannerOf, type Picture } from "./banner.ts";
import { circuitFacts, type Fact } from "./circuit-facts.ts";
import { changesTable, failuresTable, pollsTable } from "./circuit-tables.ts";
import { framed, type FrameOptions } from "./frame.ts";
import { html, type Html } from "./html.ts";
import { circuitLink, runbookLink, runbookOfState, wallLink } from "./links.ts";
import { rowId } from "./row.ts";
import { chipOf } from "./shape.ts";
import { DAY_MS, stripOf } from "./strip.ts";
import { standingOf } from "./survey.ts";
import { counted, durationText, isoTime, percentText, utcText } from "./words.ts";

const HOUR_MS = 3_600_000;
const REFRESH_SECONDS = 15;

export interface CircuitOptions extends FrameOptions {
  /** Names of the runbooks that there are. */
  readonly runbooks: { readonly has: (name: string) => boolean };
  readonly rhythmOf: (account: string) => Rhythm;
}

/** All that is known of one circuit: a pure function of what is known and the moment. */
export function circuitPage(entry: Entry, picture: Picture, options: CircuitOptions): string {
  const { target, state } = entry;
  const { snapshot } = picture;
  const header = html`<p><a href="${options.linkPrefix}/">Wall</a></p>
    <h1><bdi>${target.interconnect}</bdi> ${chipOf(state)}</h1>
    ${standingLine(entry, snapshot, options)}
    <div id="faults">${bannerOf(picture)}</div>`;
  const main = html`${reasonOf(entry, options)} ${linksOf(entry, options)} ${dayOf(entry, snapshot)}
  ${groupOf(entry, snapshot, options)} ${factsOf(entry)} ${changesTable(entry, snapshot.now)}
  ${pollsTable(entry)} ${failuresTable(entry)} `;
  const title = `${state} · ${target.interconnect} · ${target.account}`;
  const worst = verdictOf(entry) === "OK" ? "Healthy" : state;
  const circuit = rowId(target);
  return framed(
    { title, worst, kind: "circuit", refreshSeconds: REFRESH_SECONDS, circuit, header, main },
    options,
  );
}

function standingLine(entry: Entry, { now }: Snapshot, { rhythmOf }: CircuitOptions): Html {
  const { target, state, since, lastKnown } = entry;
  const more = [
    state === target.expectedState ? undefined : html` · expected ${target.expectedState}`,
    state === "Unknown" ? html` · last known ${lastKnown ?? "nothing"}` : undefined,
  ].filter((part) => part !== undefined);
  return html`<p class="dim" id="facts">
    ${state} for ${countedAge(now.monoMs - since.monoMs)}, since
    <time datetime="${isoTime(since.unixMs)}">${utcText(since.unixMs)}</time> ·
    ${ageOf(entry, rhythmOf(target.account), now)}${more}
  </p>`;
}

/** The reason as it came, neither masked nor cut as on the wall, and what to do. */
function reasonOf(entry: Entry, options: CircuitOptions): Html {
  const { reason, failure } = entry;
  const runbooks = [runbookOfState(entry), `reason-${reason.class}`]
    .filter((name) => name !== undefined)
    .filter((name) => options.runbooks.has(name));
  // Nothing is to be done about a circuit that is as expected.
  const shown = runbookOfState(entry) === undefined ? [] : runbooks;
  return html`<section id="reason">
    <h2>Why</h2>
    ${
      reason.text === ""
        ? html`<p>No reason was given.</p>`
        : html`<p class="reason"><bdi>${reason.text}</bdi></p>
            <p class="dim">Class ${reason.class}</p>`
    }
    ${failure === undefined ? undefined : html`<p>The last poll failed (${failure.kind}): <bdi>${failure.message}</bdi></p>`}
    ${
      shown.length === 0
        ? undefined
        : html`<p>
            What to do: ${shown.map((name) => html`<a href="${runbookLink(options, name)}">${name}</a> `)}
          </p>`
    }
  </section>`;
}

function dayOf(entry: Entry, { now }: Snapshot): Html {
  const rows = [
    ["Last hour", HOUR_MS],
    ["Last 24 hours", DAY_MS],
  ] as const;
  return html`<section id="day">
    <h2>Last 24 hours</h2>
    ${stripOf(entry, now)}
    <p class="ticks" aria-hidden="true"><span>24 h ago</span><span>now</span></p>
    <table>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Healthy</th>
          <th scope="col">of what is known</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(([name, windowMs]) => {
          const { available, knownMs } = shareOf(timelineOf(entry, now, windowMs));
          return html`<tr>
            <th scope="row">${name}</th>
            <td>${available === undefined ? "not known" : percentText(available)}</td>
            <td>${durationText(knownMs)}</td>
          </tr> `;
        })}
      </tbody>
    </table>
  </section>`;
}

const NO_GROUP = html``;

function groupOf({ target }: Entry, { state }: Snapshot, options: CircuitOptions): Html {
  const group = groupWith(state.plan.groups, target.key);
  return group === undefined ? NO_GROUP : groupSection(group, target.key, state, options);
}

function groupSection(group: Group, own: string, state: Snapshot["state"], options: CircuitOptions): Html {
  const { healthy, unknown } = standingOf(group, state);
  const members = group.members.map((key) => {
    const entry = entryOf(state, key);
    if (entry === undefined)
      return html`<li>${chipOf("Unknown")} <bdi>${key}</bdi>, which is not polled</li> `;
    const link =
      key === own
        ? html`<b><bdi>${key}</bdi></b>`
        : html`<a href="${circuitLink(options, entry.target)}"><bdi>${key}</bdi></a>`;
    return html`<li>${chipOf(entry.state)} ${link}</li> `;
  });
  const not = unknown === 0 ? "" : `, ${unknown} Unknown`;
  return html`<section id="group">
    <h2>
      Group <a href="${wallLink(options, { group: [group.name] })}"><bdi>${group.name}</bdi></a>
    </h2>
    <p>${healthy} of ${counted(group.members.length, "member")} healthy${not}, minimum ${group.minHealthy}</p>
    <ul class="members">
      ${members}
    </ul>
  </section>`;
}

function factsOf({ target }: Entry): Html {
  const { account, accountId, interconnect, expectedState } = target;
  const facts: readonly Fact[] = [
    ["Account", account],
    ["Account ID", accountId],
    ["Interconnect", interconnect],
    ["Expected state", expectedState],
    ...circuitFacts(target),
  ];
  const known = facts.filter(([, value]) => value !== "");
  return html`<section id="about">
    <h2>About it</h2>
    <dl>
      ${known.map(
        ([name, value]) =>
          html`<div>
            <dt><bdi>${name}</bdi></dt>
            <dd><bdi>${value}</bdi></dd>
          </div> `,
      )}
    </dl>
  </section>`;
}

function linksOf({ target }: Entry, { linkPrefix }: FrameOptions): Html {
  const page = circuitLink({ linkPrefix }, target);
  const json = `${linkPrefix}/api/v1${page.slice(linkPrefix.length)}`;
  return html`<p>
    <a class="button" href="${page}/support.txt">Support bundle</a>
    <a href="${json}">JSON</a>
  </p>`;
}

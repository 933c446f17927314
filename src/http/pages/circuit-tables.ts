import type { Instant } from "../../base/clock.ts";
import type { Entry } from "../../domain/entry.ts";
import type { PollRecord } from "../../domain/history.ts";
import { html, type Html } from "./html.ts";
import { chipOf } from "./shape.ts";
import { durationText, isoTime, utcText } from "./words.ts";

function table(id: string, title: string, heads: readonly string[], rows: readonly Html[]): Html {
  return html`<section id="${id}">
    <h2>${title}</h2>
    <table class="cards">
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th> `)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </section>`;
}

function time(unixMs: number): Html {
  return html`<time datetime="${isoTime(unixMs)}">${utcText(unixMs)}</time>`;
}

/** Every change that is remembered, newest first, with how long the state lasted. */
export function changesTable({ history }: Entry, now: Instant): Html {
  const { changes } = history;
  const rows = changes.map(({ atUnixMs, from, to, reason, reasonClass }, index) => {
    const endMs = changes[index + 1]?.atUnixMs;
    const lasted = durationText((endMs ?? now.unixMs) - atUnixMs);
    return html`<tr>
      <td>${time(atUnixMs)}</td>
      <td>${chipOf(to)} <span class="dim">after ${from}</span></td>
      <td>${endMs === undefined ? `${lasted} so far` : lasted}</td>
      <td><bdi>${reason}</bdi> <span class="dim">${reasonClass}</span></td>
    </tr> `;
  });
  if (rows.length === 0)
    return html`<section id="changes">
      <h2>Changes</h2>
      <p>None so far.</p>
    </section>`;
  return table(
    "changes",
    `Changes · ${rows.length}`,
    ["When", "State", "Lasted", "Reason"],
    rows.toReversed(),
  );
}

const POLL_HEADS = ["Ended", "Took", "Outcome", "cf-ray"];

/** The last polls, newest first. */
export function pollsTable({ history }: Entry): Html {
  const rows = history.polls.map(pollRow);
  if (rows.length === 0)
    return html`<section id="polls">
      <h2>Polls</h2>
      <p>None so far.</p>
    </section>`;
  return table("polls", `Last polls · ${rows.length}`, POLL_HEADS, rows.toReversed());
}

/** The failed polls that are older than the last ones. */
export function failuresTable({ history }: Entry): Html {
  const [oldest] = history.polls;
  const older = history.failures.filter(({ atUnixMs }) => oldest !== undefined && atUnixMs < oldest.atUnixMs);
  if (older.length === 0) return html``;
  return table(
    "failures",
    `Earlier failed polls · ${older.length}`,
    POLL_HEADS,
    older.map(pollRow).toReversed(),
  );
}

function pollRow(poll: PollRecord): Html {
  const { atUnixMs, durationMs } = poll;
  const [outcome, ray] =
    poll.outcome === "answered"
      ? [html`answered <bdi>${poll.word}</bdi>`, poll.cfRay]
      : [html`failed (${poll.failure.kind}): <bdi>${poll.failure.message}</bdi>`, poll.failure.cfRay];
  return html`<tr>
    <td>${time(atUnixMs)}</td>
    <td>${tookText(durationMs)}</td>
    <td>${outcome}</td>
    <td>${ray ?? "–"}</td>
  </tr> `;
}

/** How long a poll took, to the millisecond; none when nothing was sent or it was not kept. */
export function tookText(durationMs: number | undefined): string {
  return durationMs === undefined ? "–" : `${Math.round(durationMs)} ms`;
}

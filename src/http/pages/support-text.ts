import type { Entry } from "../../domain/entry.ts";
import type { PollRecord } from "../../domain/history.ts";
import { groupWith } from "../../domain/group.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { entryOf } from "../../domain/state.ts";
import { circuitFacts, type Fact } from "./circuit-facts.ts";
import { tookText } from "./circuit-tables.ts";
import { durationText, utcText } from "./words.ts";

/** What Cloudflare's support asks for, as the runbooks list it: text to paste, all times in UTC, and no secret in it. */
export function supportText(entry: Entry, { state, now }: Snapshot, version: string): string {
  const { target, reason, since, lastSuccess, lastKnown, failure, history } = entry;
  const group = groupWith(state.plan.groups, target.key);
  const facts: readonly Fact[] = [
    ["Account ID", target.accountId],
    ["Interconnect", target.interconnect],
    ...circuitFacts(target),
    ["State", `${entry.state} since ${utcText(since.unixMs)} (${durationText(now.monoMs - since.monoMs)})`],
    ["Last answered state", lastKnown ?? "none"],
    ["Last valid answer", lastSuccess === undefined ? "none" : utcText(lastSuccess.unixMs)],
    ["Reason, word for word", reason.text],
    ["Last poll failed", failure === undefined ? "" : `${failure.kind}: ${failure.message}`],
    ["Request", `GET /accounts/${target.accountId}/cni/interconnects/${target.interconnect}/status`],
  ];
  const known = facts.filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}`);
  const changes = history.changes
    .map(
      ({ atUnixMs, from, to, reason: why }) =>
        `${utcText(atUnixMs)}  ${from} -> ${to}${why === "" ? "" : `  ${why}`}`,
    )
    .toReversed();
  const members = (group?.members ?? [])
    .filter((key) => key !== target.key)
    .map((key) => `${key}: ${entryOf(state, key)?.state ?? "not polled"}`);
  const older = history.failures.filter(({ atUnixMs }) => atUnixMs < (history.polls[0]?.atUnixMs ?? 0));
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    [`Changes of state, newest first (${changes.length})`, changes],
    ["Last polls of the API, newest first, with cf-ray", history.polls.map(pollLine).toReversed()],
    ["Earlier failed polls", older.map(pollLine).toReversed()],
    [`Other members of group ${group?.name ?? ""}`, members],
    ["To be added by hand", BY_HAND],
  ];
  const text = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${title}\n${lines.map((line) => `  ${line}\n`).join("")}`);
  return `Cloudflare Network Interconnect: ${target.interconnect}
Written ${utcText(now.unixMs)} by cloudflare-interconnect-exporter ${version}. All times are UTC.

${known.join("\n")}

${text.join("\n")}`;
}

const BY_HAND: readonly string[] = [
  "Point-to-point prefix (the /31) and both ASNs:",
  "Light levels on your own port in dBm, transmit and receive, and when they were read:",
  "Cross-connect or carrier circuit ID, facility, cage, patch-panel ports:",
];

function pollLine(poll: PollRecord): string {
  const [outcome, ray] =
    poll.outcome === "answered"
      ? [`answered ${poll.word}`, poll.cfRay]
      : [`failed, ${poll.failure.kind}: ${poll.failure.message}`, poll.failure.cfRay];
  return `${utcText(poll.atUnixMs)}  cf-ray ${ray ?? "none"}  ${tookText(poll.durationMs)}  ${outcome}`;
}

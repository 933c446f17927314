import { connector } from "../daemon/connect.ts";
import { oneRound, type OneRound } from "../daemon/one-round.ts";
import type { Entry } from "../domain/entry.ts";
import type { Failure } from "../domain/failure.ts";
import {
  countStates,
  EXIT_CODES,
  STATES_WORST_FIRST,
  type Verdict,
  verdictOf,
  worstVerdict,
} from "../domain/verdict.ts";
import type { CommandContext } from "./command.ts";
import { createLogger } from "./logger.ts";
import { readConfig } from "./read-config.ts";
import { formatTable } from "./table.ts";

const COLOURS: Readonly<Record<Verdict, number>> = { OK: 32, WARNING: 33, CRITICAL: 31, UNKNOWN: 35 };

/** `status`: polls everything once; the exit code is a monitoring plugin's. */
export async function status(context: CommandContext): Promise<number> {
  const { args, build, clock, random, stop, env, print } = context;
  const config = await readConfig(context);
  if (config === undefined) return EXIT_CODES.UNKNOWN;
  const round = await oneRound({
    config,
    connect: connector(build.version, clock, env),
    poll: true,
    clock,
    random,
    log: createLogger(args, context.logOutput),
    signal: stop,
  });
  const verdict = verdictOfRound(round);
  print(args.output === "json" ? renderJson(round, verdict) : renderText(round, verdict, context.colours));
  return EXIT_CODES[verdict];
}

function verdictOfRound({ snapshot, failedLists }: OneRound): Verdict {
  const verdicts = snapshot.state.entries.map(verdictOf);
  return worstVerdict(failedLists.size > 0 ? [...verdicts, "UNKNOWN"] : verdicts);
}

/** First the line that monitoring plugins read, with performance data after the bar, then a table for people. */
function renderText({ snapshot, failedLists }: OneRound, verdict: Verdict, colours: boolean): string {
  const { entries } = snapshot.state;
  const counts = countStates(entries);
  const shown = STATES_WORST_FIRST.filter((state) => counts[state] > 0);
  const summary = shown.map((state) => `${counts[state]} ${state}`).join(", ");
  const data = STATES_WORST_FIRST.map((state) => `${state.toLowerCase()}=${counts[state]}`).join(" ");
  const worstFirst = entries.toSorted(
    (a, b) => STATES_WORST_FIRST.indexOf(a.state) - STATES_WORST_FIRST.indexOf(b.state),
  );
  const rows = worstFirst.map((entry) => [
    paint(entry, colours),
    entry.target.account,
    entry.target.interconnect,
    entry.target.expectedState,
    entry.failure?.message ?? entry.reason.text,
  ]);
  const lists = [...failedLists].map(([account, { message }]) => `${account}: ${message}\n`);
  const table =
    rows.length === 0 ? "" : formatTable(["STATE", "ACCOUNT", "INTERCONNECT", "EXPECTED", "REASON"], rows);
  return `${verdict} - ${summary === "" ? "no interconnects" : summary} | ${data}\n${lists.join("")}${table}`;
}

/** The state's word, coloured by what it means where colours are shown. */
function paint(entry: Entry, colours: boolean): string {
  return colours ? `\u001b[${COLOURS[verdictOf(entry)]}m${entry.state}\u001b[0m` : entry.state;
}

function renderJson({ snapshot, failedLists }: OneRound, verdict: Verdict): string {
  const { entries } = snapshot.state;
  const interconnects = entries.map((entry) => ({
    account: entry.target.account,
    interconnect: entry.target.interconnect,
    state: entry.state,
    expected_state: entry.target.expectedState,
    reason: entry.reason.text,
    reason_class: entry.reason.class,
    failure: entry.failure === undefined ? null : failureJson(entry.failure),
  }));
  const failures = Object.fromEntries(
    [...failedLists].map(([account, failure]) => [account, failureJson(failure)]),
  );
  const answer = { verdict, counts: countStates(entries), interconnects, failed_lists: failures };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

/** By the names of the JSON API. */
function failureJson({ kind, message, cfRay }: Failure) {
  return { kind, message, cf_ray: cfRay ?? null };
}

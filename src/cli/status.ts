import { connector } from "../daemon/connect.ts";
import { oneRound } from "../daemon/one-round.ts";
import type { Failure } from "../domain/failure.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import {
  countStates,
  EXIT_CODES,
  STATES_WORST_FIRST,
  type Verdict,
  verdictOf,
  worstVerdict,
} from "../domain/verdict.ts";
import { TEXTFILE_FAMILIES, textfileOf } from "../metrics/textfile.ts";
import { askDaemon } from "./ask-daemon.ts";
import type { CommandContext } from "./command.ts";
import { createLogger } from "./logger.ts";
import { readConfig } from "./read-config.ts";
import { readDaemonClient } from "./read-daemon-client.ts";
import { expectOk, readDaemon } from "./status-from-daemon.ts";
import { type Circuit, namesOf, type Picture, verdictOfPicture } from "./status-picture.ts";
import { formatTable } from "./table.ts";
import { writeTextfile } from "./write-textfile.ts";

const COLOURS: Readonly<Record<Verdict, number>> = { OK: 32, WARNING: 33, CRITICAL: 31, UNKNOWN: 35 };

interface Seen {
  readonly picture: Picture;
  /** What the first line names beside the counts. */
  readonly named: string;
  /** For node_exporter. */
  readonly metrics: () => Promise<string>;
}

/** `status`: polls everything once, or reads a running daemon; the exit code is a monitoring plugin's. */
export async function status(context: CommandContext): Promise<number> {
  const { args, print, printError, random } = context;
  let seen: Seen | undefined;
  try {
    seen = args.from === undefined ? await pollAll(context) : await askOne(context, args.from);
  } catch (error) {
    if (args.from === undefined) throw error;
    // Where a plugin's first line is looked for.
    print(`UNKNOWN - ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_CODES.UNKNOWN;
  }
  if (seen === undefined) return EXIT_CODES.UNKNOWN;
  const { picture, named } = seen;
  const verdict = verdictOfPicture(picture);
  print(
    args.output === "json"
      ? renderJson(picture, verdict)
      : renderText(picture, named, verdict, context.colours),
  );
  if (args.textfile === undefined) return EXIT_CODES[verdict];
  try {
    await writeTextfile(args.textfile, await seen.metrics(), random);
    return EXIT_CODES[verdict];
  } catch (error) {
    printError(`--textfile: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_CODES[worstVerdict([verdict, "UNKNOWN"])];
  }
}

/** Undefined for a configuration that cannot be used, after its problems are printed. */
async function pollAll(context: CommandContext): Promise<Seen | undefined> {
  const { args, build, clock, random, stop, env } = context;
  const config = await readConfig(context);
  if (config === undefined) return undefined;
  const { snapshot, failedLists } = await oneRound({
    config,
    connect: connector(build.version, clock, env),
    poll: true,
    clock,
    random,
    log: createLogger(args, context.logOutput),
    signal: stop,
  });
  const picture = { circuits: snapshot.state.entries.all, groups: groupsOf(snapshot), failedLists };
  return { picture, named: "", metrics: async () => textfileOf(snapshot) };
}

function groupsOf({ state }: Snapshot): Picture["groups"] {
  const byKey = new Map(state.entries.all.map((entry) => [entry.target.key, entry]));
  return new Map(
    state.plan.groups.map(({ name, members }) => [
      name,
      members.map((key) => byKey.get(key)).filter((entry) => entry !== undefined),
    ]),
  );
}

/** Undefined for a client's configuration that cannot be used, after its problems are printed. */
async function askOne(context: CommandContext, from: string): Promise<Seen | undefined> {
  const { args, stop } = context;
  const to = await readDaemonClient(context, from);
  if (to === undefined) return undefined;
  const picture = await readDaemon(to, stop);
  const names = namesOf(picture);
  async function metrics(): Promise<string> {
    const path = `${args.telemetryPath}?${TEXTFILE_FAMILIES.map((name) => `name[]=${name}`).join("&")}`;
    const answer = await askDaemon(to as NonNullable<typeof to>, path, stop);
    expectOk(from, args.telemetryPath, answer);
    return answer.body;
  }
  return { picture, named: names === "" ? "" : `: ${names}`, metrics };
}

/** First the line that monitoring plugins read, with performance data after the bar, then a table for people. */
function renderText(
  { circuits, failedLists }: Picture,
  named: string,
  verdict: Verdict,
  colours: boolean,
): string {
  const counts = countStates(circuits);
  const shown = STATES_WORST_FIRST.filter((state) => counts[state] > 0);
  const summary = shown.map((state) => `${counts[state]} ${state}`).join(", ");
  const data = STATES_WORST_FIRST.map((state) => `${state.toLowerCase()}=${counts[state]}`).join(" ");
  const worstFirst = circuits.toSorted(
    (a, b) => STATES_WORST_FIRST.indexOf(a.state) - STATES_WORST_FIRST.indexOf(b.state),
  );
  const rows = worstFirst.map((circuit) => [
    paint(circuit, colours),
    circuit.target.account,
    circuit.target.interconnect,
    circuit.target.expectedState,
    circuit.failure?.message ?? circuit.reason.text,
  ]);
  const lists = [...failedLists].map(([account, { message }]) => `${account}: ${message}\n`);
  const table =
    rows.length === 0 ? "" : formatTable(["STATE", "ACCOUNT", "INTERCONNECT", "EXPECTED", "REASON"], rows);
  return `${verdict} - ${summary === "" ? "no interconnects" : summary}${named} | ${data}\n${lists.join("")}${table}`;
}

/** The state's word, coloured by what it means where colours are shown. */
function paint(circuit: Circuit, colours: boolean): string {
  return colours ? `\u001b[${COLOURS[verdictOf(circuit)]}m${circuit.state}\u001b[0m` : circuit.state;
}

function renderJson({ circuits, groups, failedLists }: Picture, verdict: Verdict): string {
  const interconnects = circuits.map(({ state, target, reason, failure }) => ({
    account: target.account,
    interconnect: target.interconnect,
    state,
    expected_state: target.expectedState,
    reason: reason.text,
    reason_class: reason.class,
    failure: failure === undefined ? null : failureJson(failure),
  }));
  const answer = {
    verdict,
    counts: countStates(circuits),
    interconnects,
    groups: Object.fromEntries([...groups].map(([name, members]) => [name, countStates(members)])),
    failed_lists: Object.fromEntries(
      [...failedLists].map(([account, failure]) => [account, failureJson(failure)]),
    ),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

/** By the names of the JSON API. */
function failureJson({ kind, message, cfRay }: Failure) {
  return { kind, message, cf_ray: cfRay ?? null };
}

import type { Failure } from "../domain/failure.ts";
import { LINK_STATES, STATES } from "../domain/link-state.ts";
import { askDaemon, type DaemonAnswer, type DaemonClient } from "./ask-daemon.ts";
import type { Circuit, Picture } from "./status-picture.ts";

/**
 * What a running daemon knows, which costs Cloudflare nothing. Throws an Error when it does not answer, when its polling stands
 * still, so that what it knows grows old, or when it is no daemon of ours.
 */
export async function readDaemon(to: DaemonClient, stop: AbortSignal): Promise<Picture> {
  const health = await askDaemon(to, "/-/healthy", stop);
  expectOk(to.origin, "/-/healthy", health);
  const path = "/api/v1/interconnects";
  const answer = await askDaemon(to, path, stop);
  expectOk(to.origin, path, answer);
  const items = itemsIn(answer.body);
  if (items === undefined) throw new Error(`${to.origin}${path}: expected the JSON of an exporter`);
  const circuits = items.map(({ circuit }) => circuit);
  const groups = Map.groupBy(
    items.flatMap(({ circuit, groups: names }) => names.map((name) => ({ name, circuit }))),
    ({ name }) => name,
  );
  // Until each list is known, there may be more than those.
  const lists = await askDaemon(to, "/sd", stop);
  const missing: [string, Failure][] =
    lists.status === 503 ? [["/sd", { kind: "not_found", message: lists.body.trim() }]] : [];
  return {
    circuits,
    groups: new Map([...groups].map(([name, members]) => [name, members.map(({ circuit }) => circuit)])),
    failedLists: new Map(missing),
  };
}

/** Throws for any other answer than 200. */
export function expectOk(origin: string, path: string, { status, body }: DaemonAnswer): void {
  if (status === 200) return;
  const [first = ""] = body.split("\n");
  const hint = status >= 300 && status < 400 ? "; redirects are not followed, give the URL itself" : "";
  throw new Error(`${origin}${path} answered ${status}: ${first.slice(0, 300)}${hint}`);
}

interface Item {
  readonly circuit: Circuit;
  readonly groups: readonly string[];
}

/** Undefined for what no exporter says. Fields that are not named here may be there too. */
function itemsIn(body: string): readonly Item[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return undefined;
  }
  const list = field(answer, "interconnects");
  if (!Array.isArray(list)) return undefined;
  const items = list.map(itemOf);
  return items.every((item) => item !== undefined) ? items : undefined;
}

function itemOf(value: unknown): Item | undefined {
  const account = field(value, "account");
  const interconnect = field(value, "interconnect");
  const expectedState = LINK_STATES.find((state) => state === field(value, "expected_state"));
  if (typeof account !== "string" || typeof interconnect !== "string" || expectedState === undefined) {
    return undefined;
  }
  const failure = field(value, "failure");
  const groups = field(value, "groups");
  const circuit: Circuit = {
    // A word of a later version is none that this one can judge.
    state: STATES.find((state) => state === field(value, "state")) ?? "Unknown",
    target: { account, interconnect, expectedState },
    reason: { text: textIn(value, "reason"), class: textIn(value, "reason_class") },
    failure: failure === null ? undefined : failureOf(failure),
  };
  return { circuit, groups: Array.isArray(groups) ? groups.filter((name) => typeof name === "string") : [] };
}

function failureOf(value: unknown): Failure {
  const cfRay = textIn(value, "cf_ray");
  const kind = textIn(value, "kind") as Failure["kind"];
  return { kind, message: textIn(value, "message"), ...(cfRay === "" ? {} : { cfRay }) };
}

function textIn(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === "string" ? found : "";
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

import type { Entry } from "../domain/entry.ts";
import type { Failure } from "../domain/failure.ts";
import type { LinkState, State } from "../domain/link-state.ts";
import { type Verdict, verdictOf, worstVerdict } from "../domain/verdict.ts";

/** What `status` tells of an interconnect, whoever polled it. */
export interface Circuit {
  readonly state: State;
  readonly target: {
    readonly account: string;
    readonly interconnect: string;
    readonly expectedState: LinkState;
  };
  readonly reason: Pick<Entry["reason"], "text" | "class">;
  readonly failure: Failure | undefined;
}

/** All that `status` tells. */
export interface Picture {
  readonly circuits: readonly Circuit[];
  /** By the group's name, those of its members that are polled. */
  readonly groups: ReadonlyMap<string, readonly Circuit[]>;
  /** By account, why it is not known which interconnects there are. */
  readonly failedLists: ReadonlyMap<string, Failure>;
}

/** The worst of all; `UNKNOWN` is among them when interconnects may be missing. */
export function verdictOfPicture({ circuits, failedLists }: Picture): Verdict {
  const verdicts = circuits.map(verdictOf);
  return worstVerdict(failedLists.size > 0 ? [...verdicts, "UNKNOWN"] : verdicts);
}

/** So many are named in the first line, which some show in a pager. */
const MOST_NAMED = 10;

/**
 * For the first line of a plugin: which circuits are not as expected, and how many are healthy in each group, without the
 * bar behind which that line has figures. `""` when there is nothing to name.
 */
export function namesOf({ circuits, groups }: Picture): string {
  const wrong = circuits
    .filter((circuit) => verdictOf(circuit) !== "OK")
    .map(({ state, target }) => `${target.account}/${target.interconnect} is ${state}`);
  const redundant = [...groups].map(([name, members]) => {
    const healthy = members.filter(({ state }) => state === "Healthy").length;
    return `group ${name}: ${healthy} of ${members.length} Healthy`;
  });
  return [...cut(wrong), ...cut(redundant)].map((part) => part.replaceAll(/[|\p{Cc}]/gu, "?")).join(", ");
}

function cut(names: readonly string[]): readonly string[] {
  if (names.length <= MOST_NAMED) return names;
  return [...names.slice(0, MOST_NAMED), `and ${names.length - MOST_NAMED} more`];
}

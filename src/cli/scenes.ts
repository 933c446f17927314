import { nearest } from "../document/nearest.ts";
import { DRILL_STORIES, type DrillStory, type Scene } from "../simulator/drill.ts";
import type { Circuit, Estate } from "./estate.ts";
import { UsageError } from "./flag-values.ts";

/** A scene, and what is printed of whom it happens to. */
export interface CastScene {
  readonly scene: Scene;
  readonly who: string;
}

const NAMES = Object.keys(DRILL_STORIES);

/** Reads one `--story=NAME[:WHERE]`. Throws a UsageError. */
export function sceneOf(text: string, estate: Estate): CastScene {
  const [, name = "", where] = /^(?<name>[^:]*)(?::(?<where>.*))?$/s.exec(text) ?? [];
  if (!isStory(name)) {
    const meant = nearest(name, NAMES);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    throw new UsageError(`--story: expected ${NAMES.join(", ")}, got "${name}"${hint}`);
  }
  const circuits = castOf(name, where, estate.circuits);
  if (circuits.length === 0) {
    if (where === undefined)
      throw new UsageError("--story: there is no interconnect to which it could happen");
    const known = estate.circuits.flatMap(({ key, group, account }) => [key, group ?? key, account]);
    const meant = nearest(where, [...new Set(known)]);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    throw new UsageError(
      `--story: expected an interconnect as account/interconnect, a group or an account of the configuration after the colon, got "${where}"${hint}`,
    );
  }
  const ofAccounts = DRILL_STORIES[name].of === "accounts";
  const whole = circuits.map(({ key, account, accountId, interconnect }) =>
    ofAccounts ? ([accountId, account] as const) : ([`${accountId}/${interconnect}`, key] as const),
  );
  const who = [...new Set(whole.map(([, shown]) => shown))].join(", ");
  return { scene: { story: name, where: new Set(whole.map(([key]) => key)) }, who };
}

/** Whom it happens to: those that are named, or else what raises a page by itself: a circuit on its own, or a whole group. */
function castOf(
  story: DrillStory,
  where: string | undefined,
  circuits: readonly Circuit[],
): readonly Circuit[] {
  if (where !== undefined) {
    const ways: readonly (keyof Circuit)[] = ["key", "group", "account"];
    return (
      ways.map((way) => circuits.filter((each) => each[way] === where)).find((each) => each.length > 0) ?? []
    );
  }
  const [first] = circuits;
  if (first === undefined) return [];
  if (DRILL_STORIES[story].of === "accounts")
    return circuits.filter(({ account }) => account === first.account);
  const inService = circuits.filter(({ expectedState }) => (expectedState ?? "Healthy") === "Healthy");
  const alone = inService.find(({ group }) => group === undefined);
  if (alone !== undefined) return [alone];
  const group = (inService[0] ?? first).group;
  return circuits.filter((each) => each.group === group);
}

function isStory(name: string): name is DrillStory {
  return Object.hasOwn(DRILL_STORIES, name);
}

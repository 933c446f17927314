import type { Entry } from "../domain/entry.ts";
import type { Plan } from "../domain/plan.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { labelPairs, row } from "./exposition.ts";
import type { Block } from "./exposition.ts";
import { interconnectFamilies, labelKeysOf } from "./interconnect-families.ts";
import type { EntryFamily } from "./interconnect-families.ts";

/** The interconnect families of a snapshot. Rows are rendered once per entry and kept as long as it lives. */
export type InterconnectRows = (snapshot: Snapshot) => readonly Block[];

export function createInterconnectRows(): InterconnectRows {
  let current: { readonly plan: Plan; readonly render: InterconnectRows } | undefined;
  return (snapshot) => {
    const { plan } = snapshot.state;
    if (current?.plan !== plan)
      current = { plan, render: rowsFor(interconnectFamilies(labelKeysOf(plan.targets))) };
    return current.render(snapshot);
  };
}

function rowsFor(families: readonly EntryFamily[]): InterconnectRows {
  const rendered = new WeakMap<Entry, readonly string[]>();
  return ({ state }) => {
    const perEntry = state.entries.map((entry) => {
      const known = rendered.get(entry);
      if (known !== undefined) return known;
      const rows = renderEntry(entry, families);
      rendered.set(entry, rows);
      return rows;
    });
    return families.map((family, index) => ({ family, rows: perEntry.map((rows) => rows[index]).join("") }));
  };
}

/** The rows of one entry, a string per family. */
function renderEntry(entry: Entry, families: readonly EntryFamily[]): string[] {
  const { account, interconnect } = entry.target;
  const identity = labelPairs([
    ["account", account],
    ["interconnect", interconnect],
  ]);
  return families.map(({ name, samples }) =>
    samples(entry)
      .map((sample) => row(name, identity, sample))
      .join(""),
  );
}

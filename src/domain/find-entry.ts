import type { Entry } from "./entry.ts";
import { entryOf, type ExporterState } from "./state.ts";
import { targetKey } from "./target.ts";

/** The interconnect of that account and name, as a stranger gives them; undefined when it is not polled. */
export function findEntry(state: ExporterState, account: string, interconnect: string): Entry | undefined {
  const entry = entryOf(state, targetKey(account, interconnect));
  // `a/b` and `c` make the same key as `a` and `b/c`.
  return entry?.target.account === account ? entry : undefined;
}

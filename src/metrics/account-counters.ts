import { Counter, type Registry } from "prom-client";

/** A counter with rows per account, those known in advance at 0 from the moment at which the account is configured. */
export interface AccountCounter {
  readonly inc: (account: string, labels?: Readonly<Record<string, string>>) => void;
  /** The rows known in advance begin to exist. */
  readonly begin: (account: string) => void;
  /** All rows of the account end. */
  readonly end: (account: string) => void;
}

interface AccountCounterOptions {
  readonly registry: Registry;
  readonly name: string;
  readonly help: string;
  /** The labels after `account`, with the values that are known in advance. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

export function createAccountCounter({
  registry,
  name,
  help,
  labels,
}: AccountCounterOptions): AccountCounter {
  const labelNames = ["account", ...Object.keys(labels)];
  const counter = new Counter({ name, help, labelNames, registers: [registry] });
  const known = combinations(labels);
  /** By account, the labels of its rows as text, with themselves. */
  const rows = new Map<string, Map<string, Readonly<Record<string, string>>>>();

  function add(account: string, row: Readonly<Record<string, string>>, count: number): void {
    const own = rows.get(account) ?? new Map<string, Readonly<Record<string, string>>>();
    rows.set(account, own.set(JSON.stringify(row), row));
    counter.inc({ account, ...row }, count);
  }

  return {
    inc: (account, row = {}) => add(account, row, 1),
    begin(account) {
      for (const row of known) add(account, row, 0);
    },
    end(account) {
      for (const row of rows.get(account)?.values() ?? []) counter.remove({ account, ...row });
      rows.delete(account);
    },
  };
}

/** Each value of each label with each of the others. */
function combinations(labels: AccountCounterOptions["labels"]): Readonly<Record<string, string>>[] {
  let known: (readonly [label: string, value: string])[][] = [[]];
  for (const [label, values] of Object.entries(labels)) {
    known = known.flatMap((row) => values.map((value) => row.concat([[label, value]])));
  }
  return known.map((row) => Object.fromEntries(row));
}

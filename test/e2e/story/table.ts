import { expect } from "vitest";
import type { PrometheusProcess, PrometheusSample } from "../../helpers/prometheus-process.ts";
import { until } from "../../helpers/until.ts";

/** Values by the labels that tell the rows apart, joined by blanks; a value is a number or a matcher of one. */
export type Rows = Readonly<Record<string, unknown>>;

/**
 * What a query returns at a point of the story: its name, the labels that tell its rows apart, its rows. Rows that are
 * not named must not be there; `others` lets them, `perhaps` lets any be missing.
 */
export type Line = readonly [query: string, by: string, rows: Rows, rest?: "others" | "perhaps"];

export function between(low: number, high: number): unknown {
  return expect.toSatisfy(
    (value: unknown) => typeof value === "number" && value >= low && value <= high,
    `between ${low} and ${high}`,
  );
}

/** A Unix time so many seconds ago, in seconds or, with a unit of 1000, in milliseconds. Negative is to come. */
export function secondsAgo(least: number, most: number, unit = 1): unknown {
  return expect.toSatisfy((value: unknown) => {
    const age = Date.now() / 1000 - Number(value) / unit;
    return age >= least && age <= most;
  }, `${least} to ${most} seconds ago`);
}

/** Of a quantile over nothing: NaN is an answer. */
export const anyNumber: unknown = expect.any(Number);

/** The circuits that change state all the time are in a table only where a line names them. */
const RESTLESS = /^icon-ams-/;

function rowsOf([, by, rows]: Line, samples: readonly PrometheusSample[]): Record<string, number> {
  const wanted = Object.keys(rows).some((key) => key.includes("icon-ams-"));
  const found: Record<string, number> = {};
  for (const { labels, value } of samples) {
    if (!wanted && RESTLESS.test(labels["interconnect"] ?? "")) continue;
    const names = by === "" ? [] : by.split(" ");
    const key = names.map((name) => labels[name] ?? "-").join(" ");
    if (key in found) throw new Error(`Expected one row "${key}", got two`);
    found[key] = value;
  }
  return found;
}

/** The lines' expectations and what there is, both by query. */
async function compare(
  prometheus: PrometheusProcess,
  lines: readonly Line[],
  queries: ReadonlyMap<string, string>,
) {
  const actual: Record<string, Record<string, number>> = {};
  const expected: Record<string, Rows> = {};
  for (const line of lines) {
    const [name, , rows, rest] = line;
    const query = queries.get(name);
    if (query === undefined) throw new Error(`Expected a query "${name}"`);
    const found = rowsOf(line, await prometheus.query(query));
    const named = Object.entries(found).filter(([key]) => rest !== "others" || key in rows);
    actual[name] = Object.fromEntries(named);
    expected[name] =
      rest === "perhaps" ? Object.fromEntries(Object.entries(rows).filter(([key]) => key in found)) : rows;
  }
  return { actual, expected };
}

/** Waits until every line holds at once, and shows those that do not when that does not come to pass. */
export async function expectTable(
  prometheus: PrometheusProcess,
  lines: readonly Line[],
  queries: ReadonlyMap<string, string>,
  withinMs = 30_000,
): Promise<void> {
  let last: Awaited<ReturnType<typeof compare>> | undefined;
  const holds = async (): Promise<true> => {
    last = await compare(prometheus, lines, queries);
    expect(last.actual).toEqual(last.expected);
    return true;
  };
  await until("the table to hold", holds, withinMs).catch((error: unknown) => {
    if (last === undefined) throw error;
    expect(last.actual).toEqual(last.expected);
  });
}

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

/** What a query returned, and what was expected of it. */
interface Comparison {
  readonly query: string;
  readonly actual: Rows;
  readonly expected: Rows;
}

function keep(rows: Rows, wanted: (key: string) => boolean): Rows {
  return Object.fromEntries(Object.entries(rows).filter(([key]) => wanted(key)));
}

async function compare(
  prometheus: PrometheusProcess,
  line: Line,
  queries: ReadonlyMap<string, string>,
): Promise<Comparison> {
  const [name, , rows, rest] = line;
  const query = queries.get(name);
  if (query === undefined) throw new Error(`Expected a query "${name}"`);
  const found = rowsOf(line, await prometheus.query(query));
  return {
    query: name,
    actual: keep(found, (key) => rest !== "others" || key in rows),
    expected: keep(rows, (key) => rest !== "perhaps" || key in found),
  };
}

function holds({ actual, expected }: Comparison): boolean {
  try {
    expect(actual).toEqual(expected);
    return true;
  } catch {
    return false;
  }
}

/** Waits until every line holds at once, and shows those that do not when that does not come to pass. */
export async function expectTable(
  prometheus: PrometheusProcess,
  lines: readonly Line[],
  queries: ReadonlyMap<string, string>,
  withinMs = 30_000,
): Promise<void> {
  let wrong: readonly Comparison[] = [];
  const look = async (): Promise<true> => {
    const all: Comparison[] = [];
    for (const line of lines) all.push(await compare(prometheus, line, queries));
    wrong = all.filter((each) => !holds(each));
    if (wrong.length > 0)
      throw new Error(`Expected otherwise of ${wrong.map(({ query }) => query).join(", ")}`);
    return true;
  };
  await until("the table to hold", look, withinMs).catch((error: unknown) => {
    // The message names them all, since a report may cut the differences short.
    for (const { query, actual, expected } of wrong) {
      expect(actual, `${query} (wrong: ${wrong.map((each) => each.query).join(", ")})`).toEqual(expected);
    }
    throw error;
  });
}

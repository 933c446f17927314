import { expect } from "vitest";
import { until, untilTrue } from "../../helpers/until.ts";
import type { SentAlert } from "../../helpers/webhook-receiver.ts";
import type { Stage } from "./stage.ts";

/** Matchers of labels, such as `alertname="CloudflareInterconnectDown"`. */
type Matchers = string;

/** An alert on one interconnect, by its name without `CloudflareInterconnect`. */
interface InterconnectAlert {
  readonly name: string;
  readonly interconnect: string;
}

/** `for`, divided: an alert that ended is not back sooner. Evaluations come every 1.5 s. */
const GAP_SECONDS = 6;

/** How long an alert has been firing without an end, as Prometheus evaluated it. */
interface Span {
  readonly name: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly longestGapSeconds: number;
}

/** An alert in a message, with when and where it came. */
interface Told extends SentAlert {
  readonly path: string;
  readonly atMs: number;
}

/** All alerts of all messages of an alert's name, without `CloudflareInterconnect`, that have these labels. */
export function told(
  { inbox }: Stage,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): readonly Told[] {
  const wanted = Object.entries({ alertname: `CloudflareInterconnect${name}`, ...labels });
  return inbox.messages
    .flatMap(({ alerts, path, atMs }) => alerts.map((alert) => ({ ...alert, path, atMs })))
    .filter((alert) => wanted.every(([label, value]) => alert.labels[label] === value));
}

/** Waits until such an alert is told as firing or resolved, at or after a Unix time in milliseconds. */
export async function untilTold(
  stage: Stage,
  status: "firing" | "resolved",
  name: string,
  labels: Readonly<Record<string, string>> = {},
  sinceMs = 0,
): Promise<Told> {
  return await until(
    `${name} ${JSON.stringify(labels)} to be told as ${status}`,
    () => told(stage, name, labels).find((alert) => alert.status === status && alert.atMs >= sinceMs),
    90_000,
  );
}

/** Names and labels of the alerts that Alertmanager holds and tells nobody of, as `name account group interconnect`. */
async function silenced({ alertmanager }: Stage): Promise<readonly string[]> {
  return (await alertmanager.alerts())
    .filter(({ status }) => status.state === "suppressed")
    .map(({ labels }) =>
      ["alertname", "account", "group", "interconnect"].map((name) => labels[name] ?? "-").join(" "),
    )
    .map((text) => text.replace("CloudflareInterconnect", ""));
}

/** Waits until Alertmanager holds all of these back. */
export async function untilSilenced(stage: Stage, wanted: readonly string[]): Promise<void> {
  await until(
    `${wanted.join(", ")} to be silenced`,
    async () => {
      const held = await silenced(stage);
      const missing = wanted.filter((each) => !held.includes(each));
      if (missing.length > 0) throw new Error(`Expected also ${missing.join(", ")}, got ${held.join(", ")}`);
      return true;
    },
    90_000,
  );
}

/** The alerts that fired at any time since a Unix time in milliseconds, each with how it went. */
export async function spansSince(
  { prometheus }: Stage,
  matchers: Matchers,
  sinceMs: number,
): Promise<readonly Span[]> {
  const nowSeconds = Date.now() / 1000;
  const windowMs = Math.ceil(nowSeconds * 1000 - sinceMs);
  const series = await prometheus.samples(
    `ALERTS{alertstate="firing",${matchers}}[${windowMs}ms]`,
    nowSeconds,
  );
  return series
    .map(({ labels, samples }) => {
      const times = samples.map(({ atSeconds }) => atSeconds);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
      return {
        name: [labels["alertname"], labels["group"] ?? "-", labels["interconnect"] ?? "-"].join(" "),
        fromSeconds: times[0] ?? 0,
        toSeconds: times.at(-1) ?? 0,
        longestGapSeconds: Math.max(0, ...gaps),
      };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** The matchers of an alert. */
export function firingOf({ name, interconnect }: InterconnectAlert): Matchers {
  return `alertname="CloudflareInterconnect${name}",interconnect="${interconnect}"`;
}

/** It fired all the time: no gap as long as it takes to begin anew, and nobody was told of an end. */
export async function expectUnbroken(stage: Stage, alert: InterconnectAlert, sinceMs: number): Promise<void> {
  const spans = await spansSince(stage, firingOf(alert), sinceMs);
  expect(spans).toHaveLength(1);
  for (const { fromSeconds, toSeconds, longestGapSeconds } of spans) {
    expect(longestGapSeconds).toBeLessThan(GAP_SECONDS);
    expect(fromSeconds - sinceMs / 1000).toBeLessThan(GAP_SECONDS);
    expect(Date.now() / 1000 - toSeconds).toBeLessThan(GAP_SECONDS);
  }
  const ends = told(stage, alert.name, { interconnect: alert.interconnect }).filter(
    ({ status, atMs }) => status === "resolved" && atMs >= sinceMs,
  );
  expect(ends).toEqual([]);
}

/** Waits until none of these alerts of account `production` fires, for interconnects and groups that match. */
export async function untilNoneFires(
  { prometheus }: Stage,
  names: string,
  interconnects: string,
  groups = ".*",
): Promise<void> {
  const matchers = `alertname=~"CloudflareInterconnect(${names})",interconnect=~"${interconnects}",group=~"${groups}",account=~"production|"`;
  const query = `ALERTS{alertstate="firing",${matchers}}`;
  await untilTrue(`no ${names} to fire`, async () => (await prometheus.query(query)).length === 0, 60_000);
}

/** The text of the first message made with our template that has this in it. */
export async function untilMessage({ inbox }: Stage, part: string): Promise<string> {
  return await until(
    `a message with ${part}`,
    () => inbox.messages.find(({ path, body }) => path === "/message" && body.includes(part))?.body,
  );
}

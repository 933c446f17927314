import type { Entry } from "../domain/entry.ts";
import { FAILURE_KINDS } from "../domain/failure.ts";
import { bytesPerSecond } from "../domain/speed.ts";
import { LINK_STATES, type State, STATES } from "../domain/link-state.ts";
import type { Instant } from "../base/clock.ts";
import type { Target } from "../domain/target.ts";
import { type Family, labelPairs, type Labels, row, type Sample } from "./exposition.ts";

/** A family with rows per interconnect. The labels `account` and `interconnect` come before those of a sample. */
export interface EntryFamily extends Family {
  /** The names of the labels after `account` and `interconnect`. */
  readonly labelNames: readonly string[];
  /** All that the samples are made of, when that is one thing: as long as it is the same, so are they. */
  readonly from?: (entry: Entry) => unknown;
  readonly samples: (entry: Entry) => readonly Sample[];
}

/** Labels of closed sets are made once: samples are taken of every changed entry at every scrape. */
const NO_LABELS: Labels = [];
const STATE_LABELS = labelsBy("state", STATES);
const KIND_LABELS = labelsBy("kind", FAILURE_KINDS);

const POLLED = "as last read from the API by the exporter's own polls.";

/** The labels of `info` that are ours, with their values; the user's own come after them. */
const INFO_LABELS: readonly (readonly [name: string, value: (target: Target) => string])[] = [
  ["account_id", ({ accountId }) => accountId],
  ["interconnect_type", ({ info }) => info.type],
  ["interconnect_site", ({ info }) => info.site],
  ["interconnect_facility", ({ info }) => info.facility],
  ["interconnect_speed", ({ info }) => info.speed],
  ["interconnect_device", ({ info }) => info.device],
  ["interconnect_region", ({ info }) => info.region],
  ["slot_id", ({ info }) => info.slotId],
];

/** The families of product.md section 3. `labelKeys`: the union of the user's own label keys over all targets. */
export function interconnectFamilies(labelKeys: readonly string[]): readonly EntryFamily[] {
  return [
    {
      name: "cloudflare_interconnect_state",
      help: `1 for the current state of the interconnect, 0 for the others, ${POLLED}`,
      type: "gauge",
      labelNames: ["state"],
      from: ({ state }) => state,
      samples: (entry) => perState((state) => (entry.state === state ? 1 : 0)),
    },
    {
      name: "cloudflare_interconnect_last_known_state",
      help: `1 for the state last answered, 0 for the others; outlives Unknown; no rows before the first answer; ${POLLED}`,
      type: "gauge",
      labelNames: ["state"],
      from: ({ lastKnown }) => lastKnown,
      samples: ({ lastKnown }) =>
        lastKnown === undefined
          ? []
          : LINK_STATES.map((state) => ({ labels: STATE_LABELS[state], value: state === lastKnown ? 1 : 0 })),
    },
    {
      name: "cloudflare_interconnect_reason_info",
      help: `Why the interconnect is in its state, always 1, one row, ${POLLED}`,
      type: "gauge",
      labelNames: ["state", "reason_class", "reason"],
      samples: ({ state, reason }) => [
        {
          labels: [
            ["state", state],
            ["reason_class", reason.label.class],
            ["reason", reason.label.text],
          ],
          value: 1,
        },
      ],
    },
    {
      name: "cloudflare_interconnect_info",
      help: `What is known of the interconnect, always 1, ${POLLED}`,
      type: "gauge",
      labelNames: [...INFO_LABELS.map(([name]) => name), ...labelKeys],
      from: ({ target }) => target,
      samples: ({ target }) => [{ labels: infoLabels(target, labelKeys), value: 1 }],
    },
    {
      name: "cloudflare_interconnect_speed_bytes_per_second",
      help: `Speed of the link, where it is known, ${POLLED}`,
      type: "gauge",
      labelNames: [],
      from: ({ target }) => target,
      samples: ({ target }) => {
        const value = bytesPerSecond(target.info.speed);
        return value === undefined ? [] : [{ labels: [], value }];
      },
    },
    single("poll_success", "1 if the last poll got a valid answer, else 0.", "gauge", (entry) =>
      entry.polls > 0 && entry.failure === undefined ? 1 : 0,
    ),
    single(
      "last_success_timestamp_seconds",
      "Unix time of the last valid answer, 0 before the first.",
      "gauge",
      ({ lastSuccess }) => seconds(lastSuccess),
    ),
    single(
      "state_since_timestamp_seconds",
      `Unix time at which this unbroken run of the current state began, ${POLLED}`,
      "gauge",
      ({ since }) => seconds(since),
    ),
    {
      name: "cloudflare_interconnect_state_changes_total",
      help: `Times the state was entered, ${POLLED}`,
      type: "counter",
      labelNames: ["state"],
      from: ({ changes }) => changes,
      samples: (entry) => perState((state) => entry.changes[state]),
    },
    {
      name: "cloudflare_interconnect_state_seconds_total",
      help: `Seconds spent in the state, true as of the last poll, ${POLLED}`,
      type: "counter",
      labelNames: ["state"],
      from: ({ stateMs }) => stateMs,
      samples: (entry) => perState((state) => entry.stateMs[state] / 1000),
    },
    single("polls_total", "Polls finished.", "counter", (entry) => entry.polls),
    {
      name: "cloudflare_interconnect_poll_failures_total",
      help: "Polls failed, by kind of failure.",
      type: "counter",
      labelNames: ["kind"],
      from: ({ failures }) => failures,
      samples: ({ failures }) =>
        FAILURE_KINDS.flatMap((kind) => {
          const value = failures[kind];
          return value === undefined ? [] : [{ labels: KIND_LABELS[kind], value }];
        }),
    },
    {
      name: "cloudflare_interconnect_expected_state",
      help: "1 for the state that the configuration expects.",
      type: "gauge",
      labelNames: ["state"],
      from: ({ target }) => target,
      samples: ({ target }) => [{ labels: STATE_LABELS[target.expectedState], value: 1 }],
    },
  ];
}

/** By target, the labels `account` and `interconnect`, which come first in every row of an entry. */
const identities = new WeakMap<Target, string>();

/** The rows of one entry in a family. */
export function entryRows({ name, samples }: EntryFamily, entry: Entry): string {
  const { target } = entry;
  let identity = identities.get(target);
  if (identity === undefined) {
    const { account, interconnect } = target;
    identity = labelPairs([
      ["account", account],
      ["interconnect", interconnect],
    ]);
    identities.set(target, identity);
  }
  let rows = "";
  for (const sample of samples(entry)) rows += row(name, identity, sample);
  return rows;
}

function single(
  name: string,
  help: string,
  type: Family["type"],
  value: (entry: Entry) => number,
): EntryFamily {
  return {
    name: `cloudflare_interconnect_${name}`,
    help,
    type,
    labelNames: [],
    from: value,
    samples: (entry) => [{ labels: NO_LABELS, value: value(entry) }],
  };
}

function perState(value: (state: State) => number): Sample[] {
  return STATES.map((state) => ({ labels: STATE_LABELS[state], value: value(state) }));
}

function labelsBy<Value extends string>(
  name: string,
  values: readonly Value[],
): Readonly<Record<Value, Labels>> {
  const labels = values.map((value): readonly [Value, Labels] => [value, [[name, value]]]);
  return Object.fromEntries(labels) as Record<Value, Labels>;
}

function seconds(instant: Instant | undefined): number {
  return instant === undefined ? 0 : instant.unixMs / 1000;
}

function infoLabels(target: Target, labelKeys: readonly string[]): Labels {
  // A user may call a label `constructor` or `toString`, which every plain object answers to.
  const own = new Map(Object.entries(target.labels));
  return [
    ...INFO_LABELS.map(([name, value]) => [name, value(target)] as const),
    ...labelKeys.map((key) => [key, own.get(key) ?? ""] as const),
  ];
}

/** The union of the user's label keys over all targets, sorted. */
export function labelKeysOf(targets: readonly Target[]): string[] {
  return [...new Set(targets.flatMap(({ labels }) => Object.keys(labels)))].sort();
}

import { groupHealth } from "../domain/group.ts";
import type { Group } from "../domain/plan.ts";
import type { ExporterState } from "../domain/state.ts";
import { type Block, type Family, row, type Sample } from "./exposition.ts";

/** A family with rows per group of redundant circuits. The label `group` comes before those of a sample. */
export interface GroupFamily extends Family {
  /** The names of the labels after `group`. */
  readonly labelNames: readonly string[];
  readonly samples: (group: Group, state: ExporterState) => readonly Sample[];
}

export const GROUP_FAMILIES: readonly GroupFamily[] = [
  single("members", "Members of the group.", ({ members }) => members.length),
  single(
    "healthy_members",
    "Members in state Healthy, as last read from the API by the exporter's own polls.",
    (group, state) => groupHealth(group, state).healthy,
  ),
  single(
    "unknown_members",
    "Members whose state is not known, those that are not polled included, as last read from the API by the exporter's own polls.",
    (group, state) => groupHealth(group, state).unknown,
  ),
  single("min_healthy", "Healthy members that the configuration demands.", ({ minHealthy }) => minHealthy),
  {
    name: "cloudflare_interconnect_group_member_info",
    help: "The members of the group, always 1.",
    type: "gauge",
    labelNames: ["account", "interconnect"],
    samples: ({ members }) =>
      members.map((key) => {
        const slash = key.indexOf("/");
        return {
          labels: [
            ["account", key.slice(0, slash)],
            ["interconnect", key.slice(slash + 1)],
          ],
          value: 1,
        };
      }),
  },
];

/** The group families of a state; none when the configuration has no groups. */
export function groupBlocks(state: ExporterState): readonly Block[] {
  const { groups } = state.plan;
  if (groups.length === 0) return [];
  return GROUP_FAMILIES.map((family) => ({
    family,
    rows: groups
      .flatMap((group) => family.samples(group, state).map((sample) => groupRow(family, group, sample)))
      .join(""),
  }));
}

function groupRow({ name }: GroupFamily, group: Group, { labels, value }: Sample): string {
  return row(name, "", { labels: [["group", group.name], ...labels], value });
}

function single(
  name: string,
  help: string,
  value: (group: Group, state: ExporterState) => number,
): GroupFamily {
  return {
    name: `cloudflare_interconnect_group_${name}`,
    help,
    type: "gauge",
    labelNames: [],
    samples: (group, state) => [{ labels: [], value: value(group, state) }],
  };
}

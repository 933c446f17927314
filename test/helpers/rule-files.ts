import { globSync, readFileSync } from "node:fs";
import { parse } from "yaml";

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

export const RULE_FILES: readonly string[] = globSync("deploy/prometheus/rules/*.yaml").toSorted();

/** The rules of all files, in their order. */
export function readRules(): readonly Rule[] {
  return RULE_FILES.flatMap((path) => {
    const file: RuleFile = parse(readFileSync(path, "utf8"));
    return file.groups.flatMap((group) => group.rules);
  });
}

/** Names of ours in a PromQL expression or a template: families and records (which have colons). */
export function namesIn(text: string): readonly string[] {
  const names = text.match(/\b(?:[a-z_]+:)?cloudflare_interconnect_[a-z0-9_]+(?::[a-z0-9_]+)?/g) ?? [];
  // `_bucket`, `_sum`, `_count` are rows of a histogram.
  return names.map((name) => name.replace(/(_duration_seconds)_(?:bucket|sum|count)$/, "$1"));
}

import { parse } from "yaml";
import { type Rule, RULE_FILES } from "../../helpers/rule-files.ts";
import { scaled } from "./stage.ts";

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

/** The expression of every rule with its durations divided, by name; the second of a name with " 2" after it. */
export function ruleQueries(): ReadonlyMap<string, string> {
  const queries = new Map<string, string>();
  for (const path of RULE_FILES) {
    const file: RuleFile = parse(scaled(path));
    for (const { record, alert, expr } of file.groups.flatMap(({ rules }) => rules)) {
      const name = record ?? alert ?? "";
      queries.set(queries.has(name) ? `${name} 2` : name, expr);
    }
  }
  return queries;
}

import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { configJsonSchema } from "../../docs/src/configuration-schema.ts";
import { readChartValues, valuesSchema, valuesTable } from "./chart-values.ts";

const ROOT = new URL("../../", import.meta.url);
const VALUES_HEADING = "\n## Values\n";

const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

/**
 * What is written into `deploy/helm/`, by path in the repository: a chart cannot read what is outside of its folder, so it
 * has copies of the rules and the dashboards; the schema of the values and their table are from values.yaml.
 */
export function chartFiles(): ReadonlyMap<string, string> {
  const copies = (pattern: string, folder: string): [string, string][] =>
    globSync(pattern, { cwd: ROOT })
      .toSorted()
      .map((path) => [`deploy/helm/files/${folder}/${basename(path)}`, read(path.replaceAll("\\", "/"))]);
  const values = readChartValues(read("deploy/helm/values.yaml"));
  const [told = ""] = read("deploy/helm/README.md").split(VALUES_HEADING);
  return new Map([
    ...copies("deploy/prometheus/rules/*.yaml", "rules"),
    ...copies("grafana/dashboards/*.json", "dashboards"),
    [
      "deploy/helm/values.schema.json",
      `${JSON.stringify(valuesSchema(values, configJsonSchema()), null, 2)}\n`,
    ],
    ["deploy/helm/README.md", `${told}${VALUES_HEADING}\n${valuesTable(values)}\n`],
  ]);
}

import { createRequire } from "node:module";
import type { PrometheusSample } from "./prometheus-process.ts";

/** The part of `@grafana/data` that is used here; its ES modules do not load in Node, so its others do. */
interface GrafanaData {
  readonly toDataFrame: (frame: { readonly refId: string; readonly fields: readonly Field[] }) => unknown;
  readonly transformDataFrame: (
    transformations: readonly Transformation[],
    frames: readonly unknown[],
  ) => {
    readonly subscribe: (observer: {
      readonly next: (frames: readonly Frame[]) => void;
      readonly error: (cause: unknown) => void;
    }) => unknown;
  };
  readonly standardTransformers: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
  readonly standardTransformersRegistry: { readonly setInit: (init: () => readonly unknown[]) => void };
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly values: readonly unknown[];
  readonly config?: { readonly displayName?: string };
}

interface Frame {
  readonly fields: readonly Field[];
}

export interface Transformation {
  readonly id: string;
  readonly options: unknown;
}

const grafana: GrafanaData = createRequire(import.meta.url)("@grafana/data");
// Its transformations read the time zone and feature flags of the browser's window.
Object.assign(globalThis, { window: globalThis });
grafana.standardTransformersRegistry.setInit(() =>
  Object.values(grafana.standardTransformers)
    .filter(({ id }) => id === "merge" || id === "organize")
    .map((transformer) => ({
      id: transformer.id,
      name: transformer.name,
      transformation: () => Promise.resolve(transformer),
    })),
);

/** What a query answered, as Grafana's Prometheus data source makes a table of it. */
function frameOf(refId: string, samples: readonly PrometheusSample[], several: boolean): unknown {
  const labels = [...new Set(samples.flatMap((sample) => Object.keys(sample.labels)))].toSorted();
  return grafana.toDataFrame({
    refId,
    fields: [
      { name: "Time", type: "time", values: samples.map(() => 0) },
      ...labels.map((name) => ({
        name,
        type: "string",
        values: samples.map((sample) => sample.labels[name] ?? ""),
      })),
      {
        name: several ? `Value #${refId}` : "Value",
        type: "number",
        values: samples.map(({ value }) => value),
      },
    ],
  });
}

/** The rows that a table panel shows, each by the names of its columns, after its own transformations. */
export async function rowsShown(
  transformations: readonly Transformation[],
  answers: readonly { readonly refId: string; readonly samples: readonly PrometheusSample[] }[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const frames = answers.map(({ refId, samples }) => frameOf(refId, samples, answers.length > 1));
  const shown = await new Promise<readonly Frame[]>((next, error) => {
    grafana.transformDataFrame(transformations, frames).subscribe({ next, error });
  });
  return shown.flatMap(({ fields }) =>
    (fields[0]?.values ?? []).map((_, row) =>
      Object.fromEntries(
        fields.map(({ name, config, values }) => [config?.displayName ?? name, values[row]]),
      ),
    ),
  );
}

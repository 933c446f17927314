import { Counter, Gauge, Registry, type RegistryContentType } from "prom-client";
import type { Entry } from "../src/domain/entry.ts";
import type { ExporterState } from "../src/domain/state.ts";
import type { Format } from "../src/metrics/exposition.ts";
import { interconnectFamilies, labelKeysOf } from "../src/metrics/interconnect-families.ts";

/** The same rows as ours in a registry of prom-client, kept up to date as its users would: set on change. */
export interface PromClientRegistry {
  readonly registry: { readonly metrics: () => Promise<string>; readonly contentType: string };
  readonly follow: (state: ExporterState) => void;
}

export function createPromClientRegistry(state: ExporterState, format: Format): PromClientRegistry {
  const registry = createRegistry(format);
  const families = interconnectFamilies(labelKeysOf(state.plan.targets)).map((family) => {
    const options = {
      name: family.name,
      help: family.help,
      labelNames: ["account", "interconnect", ...family.labelNames],
      registers: [registry],
    };
    return { family, metric: family.type === "counter" ? new Counter(options) : new Gauge(options) };
  });
  let shown: readonly (Entry | undefined)[] = [];

  function show(before: Entry | undefined, entry: Entry): void {
    const { account, interconnect } = entry.target;
    for (const { family, metric } of families) {
      const old = before === undefined ? [] : family.samples(before);
      if (metric instanceof Gauge) {
        for (const { labels } of old) metric.remove({ account, interconnect, ...Object.fromEntries(labels) });
      }
      for (const { labels, value } of family.samples(entry)) {
        const all = { account, interconnect, ...Object.fromEntries(labels) };
        if (metric instanceof Gauge) {
          metric.set(all, value);
          continue;
        }
        const was = old.find((sample) => String(sample.labels) === String(labels))?.value ?? 0;
        metric.inc(all, value - was);
      }
    }
  }

  function follow({ entries }: ExporterState): void {
    for (const [index, entry] of entries.all.entries()) {
      if (shown[index] !== entry) show(shown[index], entry);
    }
    shown = entries.all;
  }

  follow(state);
  return { registry, follow };
}

function createRegistry(format: Format): Registry<RegistryContentType> {
  const registry: Registry<RegistryContentType> = new Registry();
  if (format === "openmetrics") registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

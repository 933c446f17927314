import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { FieldColorBuilder, FieldColorModeId, type Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimelineBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

/** The variable of every dashboard; no datasource is named anywhere else. */
export const DATASOURCE = { type: "prometheus", uid: "${datasource}" };

export interface Query {
  readonly expr: string;
  readonly legend?: string;
}

interface About {
  readonly title: string;
  readonly description: string;
  /** One of Grafana's unit ids. */
  readonly unit: string;
  /** In 24ths of the page. */
  readonly width: number;
  /** In grid rows of 30 pixels. */
  readonly height: number;
  readonly queries: readonly Query[];
}

interface DescribedBuilder extends Builder<Panel> {
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  span(width: number): this;
  height(height: number): this;
  datasource(datasource: typeof DATASOURCE): this;
  targets(targets: Builder<Dataquery>[]): this;
}

function described<Described extends DescribedBuilder>(
  builder: Described,
  about: About,
  shape: (query: DataqueryBuilder) => DataqueryBuilder,
): Described {
  const targets = about.queries.map(({ expr, legend = "__auto" }, index) =>
    shape(new DataqueryBuilder())
      .expr(expr)
      .legendFormat(legend)
      .refId(String.fromCodePoint(65 + index))
      .datasource(DATASOURCE),
  );
  return builder
    .title(about.title)
    .description(about.description)
    .unit(about.unit)
    .span(about.width)
    .height(about.height)
    .datasource(DATASOURCE)
    .targets(targets);
}

/** Big numbers or words, as of now. */
export function stat(about: About, textMode = BigValueTextMode.Auto): StatBuilder {
  return described(new StatBuilder(), about, (query) => query.instant())
    .textMode(textMode)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
}

/** Lines over time. */
export function timeseries(about: About): TimeseriesBuilder {
  return described(new TimeseriesBuilder(), about, (query) => query.range())
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .fillOpacity(10)
    .legend(new VizLegendOptionsBuilder().showLegend(true).calcs(["lastNotNull", "max"]).asTable(true))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
}

/** Areas over time, one upon the other. */
export function stacked(about: About): TimeseriesBuilder {
  return timeseries(about)
    .fillOpacity(60)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

/** One bar for each row, its stretches coloured and named by value. */
export function timeline(about: About): StateTimelineBuilder {
  return described(new StateTimelineBuilder(), about, (query) => query.range())
    .showValue(VisibilityMode.Auto)
    .mergeValues(true)
    .rowHeight(0.85)
    .fillOpacity(90)
    .perPage(25)
    .legend(new VizLegendOptionsBuilder().showLegend(false));
}

/** Rows of labels and values, as of now; several queries are merged by their common labels. */
export function table(about: About): TableBuilder {
  return described(new TableBuilder(), about, (query) => query.instant().format(PromQueryFormat.Table))
    .filterable(true)
    .withTransformation({ id: "merge", options: {} });
}

/** Which columns of a table to show, under which names, in this order; the others follow, but for the hidden ones. */
export function organize(shown: Readonly<Record<string, string>>, hidden: readonly string[]) {
  return {
    id: "organize",
    options: {
      excludeByName: Object.fromEntries(["Time", ...hidden].map((name) => [name, true])),
      indexByName: Object.fromEntries(Object.keys(shown).map((name, index) => [name, index])),
      renameByName: shown,
    },
  };
}

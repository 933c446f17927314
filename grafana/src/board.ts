import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { EXPORTER_URL, RUNBOOKS_URL, UIDS } from "./links.ts";
import { DATASOURCE } from "./panels.ts";
import { ofAccount, ofProcess } from "./selectors.ts";

const TAG = "cloudflare-interconnect";
/** Of compose.yaml: what an older panel would be migrated from, Grafana leaves alone. */
const GRAFANA_VERSION = "12.3.0";

interface Board {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** The time shown at first, back from now, such as `24h`. */
  readonly span: string;
  readonly variables?: readonly QueryVariableBuilder[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly Builder<Panel>[] }[];
}

/** A query variable; several values may be chosen, and all of them are at first. */
function variable(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current({ text: "All", value: "$__all" });
}

/** The dashboard with what all of ours share: variables, links, tags, and panels numbered in their order. */
export function board({ uid, title, description, span, variables = [], rows }: Board): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .readonly()
    .time({ from: `now-${span}`, to: "now" })
    .refresh("1m")
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"))
    .withVariable(variable("job", "Job", "label_values(cloudflare_interconnect_exporter_build_info, job)"))
    .withVariable(
      variable(
        "instance",
        "Instance",
        'label_values(cloudflare_interconnect_exporter_build_info{job=~"$job"}, instance)',
      ),
    )
    .withVariable(
      variable(
        "account",
        "Account",
        `label_values(${ofProcess("cloudflare_interconnect_exporter_targets")}, account)`,
      ),
    );
  for (const more of variables) builder.withVariable(more);
  builder.withVariable(
    variable(
      EXPORTER_URL,
      "Exporter",
      `label_values(${ofProcess("cloudflare_interconnect_exporter_web_info")}, external_url)`,
    )
      .multi(false)
      .includeAll(false)
      .current({ text: "", value: "" })
      .hide(VariableHide.HideVariable),
  );
  for (const [name, other] of Object.entries(UIDS)) {
    if (other === uid) continue;
    builder.link(
      new DashboardLinkBuilder(`Interconnect ${name}`)
        .type(DashboardLinkType.Link)
        .url(`/d/${other}`)
        .includeVars(true)
        .keepTime(true),
    );
  }
  builder.link(
    new DashboardLinkBuilder("Runbooks")
      .type(DashboardLinkType.Link)
      .url(`${RUNBOOKS_URL}/`)
      .icon("doc")
      .targetBlank(true),
  );
  builder.annotation(
    new AnnotationQueryBuilder()
      .name("State alerts")
      .datasource(DATASOURCE)
      .enable(true)
      .iconColor("#D55E00")
      .expr(
        'ALERTS{alertname=~"CloudflareInterconnect(Down|Unhealthy|PendingTooLong|GroupBelowMinimum)",alertstate="firing",job=~"$job|",account=~"$account|"}',
      )
      .titleFormat("{{alertname}}")
      .textFormat("{{account}} {{interconnect}} {{group}}")
      .step("60s"),
  );
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  const dashboard = builder.build();
  for (const [index, panel] of (dashboard.panels ?? []).entries()) {
    panel.id = index + 1;
    if (!("collapsed" in panel)) panel.pluginVersion = GRAFANA_VERSION;
  }
  return dashboard;
}

/** The interconnects of the chosen accounts; one at a time. */
export const INTERCONNECT_VARIABLE: QueryVariableBuilder = variable(
  "interconnect",
  "Interconnect",
  `label_values(${ofAccount("cloudflare_interconnect_info")}, interconnect)`,
)
  .multi(false)
  .includeAll(false)
  .current({ text: "", value: "" });

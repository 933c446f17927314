import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { isSeq, parseDocument } from "yaml";
import type { ScriptedAnswer } from "../../../src/simulator/override.ts";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.ts";
import type { WorldStatus } from "../../../src/simulator/world.ts";
import { RULE_FILES } from "../../helpers/rule-files.ts";
import { type AlertmanagerProcess, startAlertmanager } from "../../helpers/alertmanager-process.ts";
import { type DaemonProcess, startDaemonProcess } from "../../helpers/daemon-process.ts";
import { freePort } from "../../helpers/free-port.ts";
import { type PrometheusProcess, runPrometheus } from "../../helpers/prometheus-process.ts";
import type { PrometheusVersion } from "../../helpers/prometheus-tools.ts";
import { scaleDurations } from "../../helpers/scale-durations.ts";
import { createTempFolder } from "../../helpers/temp-folder.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../../helpers/webhook-receiver.ts";
import { DIVISOR, estateConfig, simulatedEstate, type StoryConfig } from "./estate.ts";

/** The job that the shipped prometheus.yaml scrapes the exporter as. */
export const JOB = "cloudflare-interconnect";

/** Everything of the story, running: the simulated API, the daemon, Prometheus, Alertmanager, and who is told. */
export interface Stage extends AsyncDisposable {
  readonly simulator: Simulator;
  /** Where people reach the exporter. */
  readonly exporterUrl: string;
  /** From now on these interconnects answer this, but in an outage. */
  readonly setStatus: (interconnects: readonly string[], status: WorldStatus) => void;
  readonly prometheus: PrometheusProcess;
  readonly alertmanager: AlertmanagerProcess;
  readonly inbox: WebhookReceiver;
  /** What the API answers to everything asked of an account; undefined lets it speak for itself. */
  setOutage: (answer: ScriptedAnswer | undefined, accountId?: string) => void;
  killExporter: () => Promise<void>;
  /** As a service manager would: at the same address, with nothing kept. */
  startExporter: () => Promise<void>;
  /** Replaces the exporter's configuration by `change` of what it was started with, and tells it to reload. */
  reloadExporter: (change: (config: StoryConfig) => unknown) => Promise<void>;
}

/** Starts all of it with the files of `deploy/`, their durations divided and their addresses replaced. */
export async function startStage(version: PrometheusVersion): Promise<Stage> {
  await using started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator(simulatedEstate(Date.now())));
  const statuses = new Map<string, WorldStatus>();
  simulator.override({ operation: "status" }, ({ interconnect }) => {
    const status = statuses.get(interconnect);
    return status === undefined ? undefined : { body: status };
  });
  let outage: { readonly answer: ScriptedAnswer; readonly accountId?: string | undefined } | undefined;
  simulator.override({}, ({ account }) =>
    outage?.accountId === undefined || outage.accountId === account ? outage?.answer : undefined,
  );

  const config = estateConfig(simulator);
  const exporterPort = await freePort();
  const exporterUrl = `http://127.0.0.1:${exporterPort}`;
  let exporter: DaemonProcess | undefined;
  const startExporter = async (): Promise<void> => {
    const args = [`--web.external-url=${exporterUrl}`];
    exporter = await startDaemonProcess({ config, port: exporterPort, args });
  };
  started.defer(() => exporter?.[Symbol.asyncDispose]());
  await startExporter();

  const inbox = started.use(await startWebhookReceiver());
  const alertmanager = started.use(
    await startAlertmanager({ version, files: alertmanagerFiles(inbox.origin) }),
  );
  const port = await freePort();
  const folder = started.use(
    await createTempFolder({
      "prometheus.yml": scaled("deploy/prometheus/prometheus.yaml")
        .replace("exporter:13335", `127.0.0.1:${exporterPort}`)
        .replace("alertmanager:9093", alertmanager.address)
        .replace("localhost:9090", `127.0.0.1:${port}`),
      ...Object.fromEntries(RULE_FILES.map((path) => [`rules/${basename(path)}`, scaled(path)])),
    }),
  );
  // Prometheus's own defaults, 5m and 1m, divided like the rest.
  const args = ["--query.lookback-delta=15s", "--rules.alert.resend-delay=3s"];
  const prometheus = started.use(
    await runPrometheus({ version, folder: folder.path, args, port, until: `up{job="${JOB}"} == 1` }),
  );
  const running = started.move();
  return {
    simulator,
    exporterUrl,
    setStatus: (interconnects, status) => {
      for (const interconnect of interconnects) statuses.set(interconnect, status);
    },
    prometheus,
    alertmanager,
    inbox,
    setOutage: (answer, accountId) => {
      outage = answer === undefined ? undefined : { answer, accountId };
    },
    killExporter: async () => {
      exporter?.kill("SIGKILL");
      await exporter?.ended;
    },
    startExporter,
    reloadExporter: async (change) => {
      await writeFile(join(exporter?.folder ?? "", "config.yaml"), JSON.stringify(change(config)));
      exporter?.kill("SIGHUP");
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** A shipped file with its durations divided. */
export function scaled(path: string): string {
  return scaleDurations(readFileSync(path, "utf8"), DIVISOR);
}

/** The shipped configuration, sent to the inbox; the pager gets our message too, by a receiver that takes templates. */
function alertmanagerFiles(inbox: string): Record<string, string> {
  const folder = "deploy/alertmanager";
  const document = parseDocument(
    scaled(`${folder}/alertmanager.yaml`).replaceAll("http://inbox:8080", inbox),
  );
  const receivers = document.get("receivers");
  if (!isSeq(receivers)) throw new Error("Expected receivers in alertmanager.yaml");
  document.setIn(
    ["receivers", 0, "slack_configs"],
    [
      {
        api_url: `${inbox}/message`,
        channel: "#network",
        title: '{{ template "cloudflare_interconnect.title" . }}',
        text: '{{ template "cloudflare_interconnect.text" . }}',
        send_resolved: true,
      },
    ],
  );
  const template = "templates/cloudflare-interconnect.tmpl";
  return {
    "alertmanager.yml": document.toString({ lineWidth: 0 }),
    [template]: readFileSync(`${folder}/${template}`, "utf8"),
  };
}

import { startChild } from "./child-process.ts";
import { freePort } from "./free-port.ts";
import { prometheusProgram, type PrometheusVersion } from "./prometheus-tools.ts";
import { createTempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

/** An alert as Alertmanager holds it. */
interface HeldAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly state: "active" | "suppressed" | "unprocessed" };
}

export interface AlertmanagerProcess extends AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
  /** All alerts that it holds, the silenced and inhibited ones (`suppressed`) included. */
  readonly alerts: () => Promise<readonly HeldAlert[]>;
  /** Takes alerts as Prometheus would send them: labels alone, firing from now on. */
  readonly post: (alerts: readonly Readonly<Record<string, string>>[]) => Promise<void>;
  /** What it has logged so far. */
  readonly log: () => string;
}

interface AlertmanagerOptions {
  /** That of the Prometheus it is packaged beside. */
  readonly version: PrometheusVersion;
  /** The configuration `alertmanager.yml` and the files that it names. */
  readonly files: Readonly<Record<string, string>>;
}

/** Starts a real Alertmanager and waits until it is ready. Rejects with the package to install when there is none. */
export async function startAlertmanager(options: AlertmanagerOptions): Promise<AlertmanagerProcess> {
  const { command, whenMissing } = prometheusProgram(options.version, "prometheus-alertmanager");
  await using started = new AsyncDisposableStack();
  const folder = started.use(await createTempFolder(options.files));
  const address = `127.0.0.1:${await freePort()}`;
  const args = [
    "--config.file=alertmanager.yml",
    "--storage.path=data",
    `--web.listen-address=${address}`,
    "--cluster.listen-address=",
  ];
  const env = { PATH: process.env["PATH"] ?? "" };
  const child = started.use(startChild(command, args, { cwd: folder.path, env, whenMissing }));
  const ready = until("Alertmanager to be ready", async () =>
    (await fetch(`http://${address}/-/ready`)).ok ? "ready" : undefined,
  );
  ready.catch(() => undefined);
  const outcome = await Promise.race([ready, child.ended]);
  if (outcome !== "ready") throw new Error(`Expected Alertmanager to run, but it ended:\n${child.stderr()}`);
  const running = started.move();
  return {
    address,
    alerts: async () => {
      const response = await fetch(`http://${address}/api/v2/alerts`);
      return (await response.json()) as readonly HeldAlert[];
    },
    post: async (alerts) => {
      const response = await fetch(`http://${address}/api/v2/alerts`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(alerts.map((labels) => ({ labels }))),
      });
      if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
    },
    log: child.stderr,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { startChild } from "../helpers/child-process.ts";
import { freePort } from "../helpers/free-port.ts";
import { libfaketime } from "../helpers/libfaketime.ts";
import { codeBlocksOf } from "../helpers/markdown.ts";
import { page } from "../helpers/pages.ts";
import { prometheusProgram } from "../helpers/prometheus-tools.ts";
import { scaleDurations } from "../helpers/scale-durations.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { until, untilTrue } from "../helpers/until.ts";

/** A quarter of an hour in half a minute: durations of the rules are divided by it, and the simulator's clock runs so fast. */
const SPEED = 40;

const drill = page("docs/fire-drill.md");
const [baseUrl = ""] = codeBlocksOf(drill, "yaml");
const blocks = codeBlocksOf(drill, "sh");

/** What the page says, as commands for this machine: our sources, ports that are free. */
async function commandsOf(): Promise<(word: string) => string> {
  const ports = new Map<string, number>();
  for (const port of ["13335", "13336", "9090", "9093", "8080"]) ports.set(port, await freePort());
  const localized = (text: string): string =>
    text
      .replaceAll("npx node", process.execPath)
      .replaceAll("dist/main.js", resolve("src/main.ts"))
      .replace("main.ts simulate", "main.ts simulate --web.listen-address=127.0.0.1:13336")
      .replace("main.ts run", "main.ts run --web.listen-address=127.0.0.1:13335")
      .replace(/^(?:prometheus(?:-alertmanager)?)(?= )/m, (name) =>
        name === "prometheus" || name === "prometheus-alertmanager"
          ? prometheusProgram("2.x", name).command
          : name,
      )
      // The last command of a block is the one that stays.
      .replace(/^(?!(?: |mkdir|cp|sed|export)|.* check ).+/m, (command) => `exec ${command}`)
      // What is to be replaced in the shipped files stays.
      .replaceAll(/(?<!exporter:|alertmanager:|inbox:)\b(?:13335|13336|9090|9093|8080)\b/g, (port) =>
        String(ports.get(port)),
      );
  return (word) => localized(blocks.find((block) => block.includes(word)) ?? `exit 1 # no ${word}`);
}

test(
  "the drill of docs/fire-drill.md, by its own commands, ends with a page and its recovery",
  { timeout: 120_000 },
  async () => {
    await using started = new AsyncDisposableStack();
    const poll = "{ interval: 1500ms, attention_interval: 1s, timeout: 1s, retries: 0 }";
    const config = `${baseUrl}  budget: 100000
poll: ${poll}
accounts:
  - name: production
    account_id: 023e105f4ecef8ad9ca31a8372d0c353
    api_token: cfut_token-of-the-drill
    interconnects: [icon-ewr-01, icon-ewr-02, icon-lhr-03]
groups: [{ name: newyork, members: [production/icon-ewr-01, production/icon-ewr-02] }]
`;
    const folder = started.use(await createTempFolder({ "config.yaml": config }));
    symlinkSync(resolve("deploy"), join(folder.path, "deploy"));
    const command = await commandsOf();
    const start = (word: string, env: Readonly<Record<string, string>> = {}) =>
      started.use(
        startChild("bash", ["-euc", command(word)], {
          cwd: folder.path,
          env: { PATH: process.env["PATH"] ?? "", ...env },
          whenMissing: "expected bash",
        }),
      );

    expect(await start("mkdir drill").ended).toEqual({ code: 0, signal: null });
    for (const name of ["prometheus/prometheus.yaml", "alertmanager/alertmanager.yaml", "prometheus/rules"])
      scale(join(folder.path, "drill", name));
    const inbox = start("inbox.mjs");
    const alertmanager = start("alertmanager-data");
    const prometheus = start("prometheus-data");
    const simulator = start("--story=outage", libfaketime({ FAKETIME: `+0 x${SPEED}` }));
    const url = /localhost:\d+/.exec(command("prometheus-data"))?.[0] ?? "";
    await untilTrue("Prometheus to look for the exporter", async () => {
      if ((alertmanager.exit() ?? prometheus.exit() ?? simulator.exit()) !== undefined)
        throw new Error([alertmanager, prometheus, simulator].map(({ stderr }) => stderr()).join("\n"));
      const query = encodeURIComponent('up{job="cloudflare-interconnect"}');
      return (await (await fetch(`http://${url}/api/v1/query?query=${query}`)).text()).includes('"value"');
    });
    expect(simulator.stdout()).toContain("story outage: Down, no light: production/icon-lhr-03\n");

    const exporter = start("CLOUDFLARE_BASE_URL");
    const told = async (what: string) =>
      await until(
        `${what} in the inbox, got ${inbox.stdout()}`,
        () =>
          inbox
            .stdout()
            .split("\n")
            .find((line) => line.startsWith(what)),
        60_000,
      );
    const page = await told("/pager firing CloudflareInterconnectDown ");
    expect(exporter.stdout()).toContain("The configuration is valid\n");
    expect(simulator.stdout()).toContain("UTC: the exporter asks, and the story begins\n");
    expect(page).toContain('"interconnect":"icon-lhr-03"');
    expect(page).toContain('"reason":"no light detected (no_light)"');
    await told("/pager resolved CloudflareInterconnectDown ");
    expect(
      inbox
        .stdout()
        .split("\n")
        .filter((line) => line.includes(" firing ")),
    ).toHaveLength(1);
  },
);

/** Divides the durations of a file, or of all files of a folder. */
function scale(path: string): void {
  if (!path.endsWith(".yaml")) {
    for (const name of readdirSync(path)) scale(join(path, name));
  } else writeFileSync(path, scaleDurations(readFileSync(path, "utf8"), SPEED));
}

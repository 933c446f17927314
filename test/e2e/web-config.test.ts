import { hash } from "@node-rs/bcrypt";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand, startCommand } from "../helpers/daemon-process.ts";
import { type Certificates, createCertificates } from "../helpers/certificates.ts";
import { prometheusProgram } from "../helpers/prometheus-tools.ts";
import { startPrometheus } from "../helpers/prometheus-process.ts";
import { until } from "../helpers/until.ts";
import { createTableFiles } from "../helpers/web-config-table-files.ts";
import { BAD, GOOD } from "../helpers/web-config-table.ts";

const run = promisify(execFile);

describe("promtool of Prometheus 3.5", () => {
  const { command: promtool } = prometheusProgram("3.x", "promtool");
  let files: Certificates;
  beforeAll(async () => {
    files = await createTableFiles();
  });
  afterAll(() => files[Symbol.asyncDispose]());

  test.each([...GOOD, ...BAD])("on %s", async (text, _problems, verdict) => {
    await writeFile(files.pathOf("web.yml"), text);
    const said = await run(promtool, ["check", "web-config", files.pathOf("web.yml")]).then(
      ({ stderr }) => stderr,
      ({ stderr, message }: { readonly stderr: string; readonly message: string }) => stderr || message,
    );
    expect(said).toContain(verdict === "good" ? "web.yml SUCCESS" : "web.yml FAILED");
  });
});

test("run and check end with 1 and every problem of a wrong web config", async () => {
  const files = {
    "config.yaml": {
      accounts: [
        {
          name: "production",
          account_id: "023e105f4ecef8ad9ca31a8372d0c353",
          api_token: "cfut_token-of-the-end-to-end-tests",
          interconnects: ["icon-01"],
        },
      ],
    },
    "web.yml": "tls_server_config: { cert_file: none.crt, key_file: none.key }\n",
  };
  for (const args of [["run", "--web.listen-address=127.0.0.1:0"], ["check"]]) {
    const { code, stderr } = await runCommand([...args, "--web.config.file=web.yml"], { files });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'web.yml:1: tls_server_config.cert_file: the file "none.crt" cannot be read: no such file\n' +
        'web.yml:1: tls_server_config.key_file: the file "none.key" cannot be read: no such file\n',
    );
  }
});

test.each(["2.x", "3.x"] as const)(
  "Prometheus %s scrapes over TLS with a client certificate and a password, and the health check passes",
  async (version) => {
    await using made = await createCertificates();
    await made.selfSigned("ca");
    await made.selfSigned("server", { names: [{ type: "dns", value: "localhost" }] });
    await made.signed("prometheus", "ca", {
      usage: "clientAuth",
      names: [{ type: "dns", value: "prometheus.example" }],
    });
    const password = "pä:ss wörd";
    const webConfig = JSON.stringify({
      tls_server_config: {
        cert_file: made.pathOf("server.crt"),
        key_file: made.pathOf("server.key"),
        client_auth_type: "RequireAndVerifyClientCert",
        client_ca_file: made.pathOf("ca.crt"),
        client_allowed_sans: ["prometheus.example"],
      },
      basic_auth_users: { scraper: await hash(password, 4) },
    });
    const flags = ["--web.config.file=web.yml", "--web.external-url=https://example.com/exporter/"];
    await using demo = await startCommand(
      ["demo", "--web.listen-address=127.0.0.1:0", "--log.format=logfmt", ...flags],
      { files: { "web.yml": webConfig } },
    );
    const port = await until("the demo to serve", () => {
      const line = demo
        .stderr()
        .split("\n")
        .find((each) => each.endsWith('msg="Polling and serving"'));
      return / port=(?<port>\d+) /.exec(line ?? "")?.groups?.["port"];
    });

    await using prometheus = await startPrometheus({
      version,
      target: `127.0.0.1:${port}`,
      scrapeConfig: [
        "scheme: https",
        "metrics_path: /exporter/metrics",
        `basic_auth: { username: scraper, password: ${JSON.stringify(password)} }`,
        `tls_config: { ca_file: ${made.pathOf("server.crt")}, server_name: localhost, cert_file: ${made.pathOf("prometheus.crt")}, key_file: ${made.pathOf("prometheus.key")} }`,
      ],
    });
    expect(await prometheus.query("sum(cloudflare_interconnect_state)")).toMatchObject([{ value: 12 }]);

    const health = await runCommand(["healthcheck", `--web.listen-address=127.0.0.1:${port}`, ...flags], {
      files: { "web.yml": await readFile(join(demo.folder, "web.yml"), "utf8") },
    });
    expect([health.code, health.stdout]).toEqual([0, "Healthy\n"]);
  },
);

import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { healthcheck } from "../../src/cli/healthcheck.ts";
import { siteOf } from "../../src/http/site.ts";
import { type Certificates, createCertificates } from "../helpers/certificates.ts";
import { runWith } from "../helpers/command-context.ts";
import { startWebSubject } from "../helpers/web-subject.ts";

const USERS = { alice: "$2y$04$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze" };
const TLS = { cert_file: "server.crt", key_file: "server.key" };

let files: Certificates;

beforeAll(async () => {
  files = await createCertificates();
  await files.selfSigned("server", {
    names: [{ type: "dns", value: "exporter.example" }],
    usage: "serverAuth",
  });
  await files.selfSigned("ca");
});
afterAll(() => files[Symbol.asyncDispose]());

async function run(args: readonly string[]) {
  const { code, printed, errors } = await runWith(healthcheck, { args });
  return { code, printed: printed + errors };
}

async function write(name: string, content: unknown): Promise<string> {
  await writeFile(files.pathOf(name), JSON.stringify(content));
  return files.pathOf(name);
}

describe("healthcheck", () => {
  test.each([
    ["nothing", {}],
    ["users", { basic_auth_users: USERS }],
    ["TLS", { tls_server_config: TLS }],
    ["TLS 1.3 and users", { tls_server_config: { ...TLS, min_version: "TLS13" }, basic_auth_users: USERS }],
    ["any client certificate", { tls_server_config: { ...TLS, client_auth_type: "RequireAnyClientCert" } }],
    [
      "certificates, names and users",
      {
        tls_server_config: {
          ...TLS,
          client_auth_type: "RequireAndVerifyClientCert",
          client_ca_file: "ca.crt",
          client_allowed_sans: ["prometheus.example"],
        },
        basic_auth_users: USERS,
        http_server_config: { http2: false },
      },
    ],
  ])("finds a daemon healthy that is guarded by %s", async (_what, content) => {
    const configFile = await write("web.yml", content);
    const site = siteOf(undefined, "/exporter");
    await using server = await startWebSubject({ configFile, site });
    const flags = [`--web.listen-address=127.0.0.1:${server.port}`, `--web.config.file=${configFile}`];
    expect(await run([...flags, "--web.route-prefix=/exporter"])).toEqual({ code: 0, printed: "Healthy\n" });
  });

  test.each(["127.0.0.1", "", "0.0.0.0", "localhost"])(
    "asks on this machine for the address %j",
    async (host) => {
      await using server = await startWebSubject();
      const ran = await runWith(healthcheck, { args: [`--web.listen-address=${host}:${server.port}`] });
      expect(ran).toEqual({ code: 0, printed: "Healthy\n", errors: "" });
    },
  );

  test("says what an unhealthy daemon answers", async () => {
    await using server = await startWebSubject({}, { isAlive: () => false });
    const address = `127.0.0.1:${server.port}`;
    const { code, printed, errors } = await runWith(healthcheck, {
      args: [`--web.listen-address=${address}`],
    });
    expect({ code, printed }).toEqual({ code: 1, printed: "" });
    expect(errors).toMatch(new RegExp(`^http://${address}/-/healthy answered 503: Not healthy`));
  });

  test("is let in by the same web config alone", async () => {
    await using server = await startWebSubject({
      configFile: await write("web.yml", { basic_auth_users: USERS }),
    });
    const other = await write("other.yml", { basic_auth_users: { bob: USERS.alice } });
    const address = `--web.listen-address=127.0.0.1:${server.port}`;
    expect(await run([address, `--web.config.file=${other}`])).toMatchObject({ code: 1 });
    expect((await run([address])).printed).toMatch(/answered 401/);
  });

  test("reports a wrong web config and a daemon that is not there", async () => {
    const wrong = await write("wrong.yml", { users: {} });
    expect(await run([`--web.config.file=${wrong}`])).toEqual({
      code: 1,
      printed: `${wrong}:1: unknown key "users"\n`,
    });
    const server = await startWebSubject();
    await server[Symbol.asyncDispose]();
    for (const [host, asked] of [
      ["", "127.0.0.1"],
      ["[::1]", "[::1]"],
    ]) {
      const { code, printed } = await run([`--web.listen-address=${host}:${server.port}`]);
      expect(code).toBe(1);
      expect(printed).toContain(`http://${asked}:${server.port}/-/healthy does not answer: `);
    }
  });
});

import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { hashSync } from "@node-rs/bcrypt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { status } from "../../src/cli/status.ts";
import { siteOf } from "../../src/http/site.ts";
import { type Certificates, createCertificates } from "../helpers/certificates.ts";
import { runWith } from "../helpers/command-context.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  failure,
  instant,
  planned,
  replay,
} from "../helpers/entry-builder.ts";
import { portsOf } from "../helpers/http-ports.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { startWebSubject } from "../helpers/web-subject.ts";

const EWR = ["icon-ewr-01", "icon-ewr-02", "icon-ewr-03"].map((name) => buildTarget(name));
const LAB = buildTarget("icon|lab", { account: "lab", expectedState: "Pending" });
const [A, B, C] = EWR.map(({ key }) => key);
const GROUPS = [{ name: "newyork", members: EWR.map(({ key }) => key), minHealthy: 1 }];

/** What a daemon says that polled these states. */
function ports(words: readonly string[], extra = {}) {
  const targets = [...EWR, LAB];
  const state = replay([
    planned(buildPlan(targets, { groups: GROUPS })),
    ...words.map((word, nth) =>
      answer(instant(1000), word, word === "Down" ? "no light" : undefined, targets[nth]?.key),
    ),
  ]);
  return { ...portsOf(state, instant(60_000)), ...extra };
}

const WELL = ["Healthy", "Healthy", "Healthy", "Pending"];
const ILL = ["Healthy", "Down", "Healthy", "Healthy"];

async function run(port: number, args: readonly string[] = []) {
  return await runWith(status, { args: [`--from=http://127.0.0.1:${port}`, ...args] });
}

/** Something else than an exporter. */
async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

describe("status --from", () => {
  test("says in its first line what is not as expected, and how the groups are, without a bar in a name", async () => {
    await using daemon = await startWebSubject({}, ports(ILL));
    const { code, printed, errors } = await run(daemon.port);
    expect({ code, errors }).toEqual({ code: 2, errors: "" });
    const [first, , ...rows] = printed.trimEnd().split("\n");
    expect(first).toBe(
      "CRITICAL - 1 Down, 3 Healthy: production/icon-ewr-02 is Down, lab/icon?lab is Healthy, group newyork: 2 of 3 Healthy | down=1 unhealthy=0 unknown=0 pending=0 healthy=3",
    );
    expect(rows[0]?.split(/ {2,}/)).toEqual(["Down", "production", "icon-ewr-02", "Healthy", "no light"]);
    expect(rows).toHaveLength(4);
  });

  test("is OK where all is as expected, and names the groups alone", async () => {
    await using daemon = await startWebSubject({}, ports(WELL));
    const { code, printed } = await run(daemon.port);
    expect(code).toBe(0);
    expect(printed).toMatch(/^OK - 1 Pending, 3 Healthy: group newyork: 3 of 3 Healthy \| /);
  });

  test("names ten circuits at most", async () => {
    const targets = Array.from({ length: 13 }, (_, nth) => buildTarget(`icon-${nth}`));
    const downs = targets.map(({ key }) => answer(instant(1000), "Down", undefined, key));
    const state = replay([planned(buildPlan(targets)), ...downs]);
    await using daemon = await startWebSubject({}, portsOf(state, instant(2000)));
    const [first = ""] = (await run(daemon.port)).printed.split("\n");
    expect(first).toContain("icon-9 is Down, and 3 more | ");
    expect(first).not.toContain("icon-10");
  });

  test("tells why a poll failed, and is JSON when asked for, with the groups", async () => {
    const targets = [...EWR, LAB];
    const state = replay([
      planned(buildPlan(targets, { groups: GROUPS })),
      answer(instant(1000), "Healthy", undefined, A),
      failure(instant(1000), "timeout", B),
      answer(instant(1000), "Down", undefined, C),
    ]);
    await using daemon = await startWebSubject({}, portsOf(state, instant(2000)));
    const { code, printed } = await run(daemon.port, ["--output=json"]);
    expect(code).toBe(2);
    expect(JSON.parse(printed)).toMatchObject({
      verdict: "CRITICAL",
      counts: { Healthy: 1, Down: 1, Unknown: 2 },
      groups: { newyork: { Healthy: 1, Down: 1, Unknown: 1 } },
      interconnects: [
        { interconnect: "icon-ewr-01", failure: null },
        { interconnect: "icon-ewr-02", state: "Unknown", failure: { kind: "timeout" } },
        { interconnect: "icon-ewr-03", state: "Down" },
        { account: "lab", expected_state: "Pending" },
      ],
      failed_lists: {},
    });
  });

  test("finds it under the prefix of its routes, with or without a slash at the end", async () => {
    await using daemon = await startWebSubject({ site: siteOf(undefined, "/exporter") }, ports(WELL));
    for (const path of ["exporter", "exporter/"]) {
      const from = `--from=http://127.0.0.1:${daemon.port}/${path}`;
      expect((await runWith(status, { args: [from] })).code).toBe(0);
    }
  });

  test("is UNKNOWN while a list is not known, since interconnects may be missing", async () => {
    await using daemon = await startWebSubject(
      {},
      ports(WELL, { lists: () => new Map(Object.entries({ production: true, lab: false })) }),
    );
    const { code, printed } = await run(daemon.port);
    expect(code).toBe(3);
    expect(printed).toMatch(/^UNKNOWN - 1 Pending, 3 Healthy: /);
    expect(printed.split("\n")[1]).toMatch(/^\/sd: .*lab/);
  });

  test("is UNKNOWN where polling stands still, whatever the daemon still believes", async () => {
    await using daemon = await startWebSubject({}, ports(WELL, { isAlive: () => false }));
    const { code, printed } = await run(daemon.port);
    expect(code).toBe(3);
    expect(printed).toMatch(/^UNKNOWN - http:\/\/127\.0\.0\.1:\d+\/-\/healthy answered 503: /);
  });

  test.each<[string, RequestListener, RegExp]>([
    ["no JSON", (_, response) => response.end("<html>"), /expected the JSON of an exporter$/],
    [
      "other JSON",
      (_, response) => response.end('{"interconnects":{}}'),
      /expected the JSON of an exporter$/,
    ],
    [
      "an interconnect without a name",
      (_, response) => response.end('{"interconnects":[{"account":"a","expected_state":"Healthy"}]}'),
      /expected the JSON of an exporter$/,
    ],
    [
      "a redirect, which may lead anywhere",
      (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end("moved"),
      /answered 302: moved; redirects are not followed, give the URL itself$/,
    ],
    ["nothing in time", () => undefined, /\/-\/healthy does not answer: no answer within 0.2 s$/],
    ["a closed connection", (request) => request.socket.destroy(), /does not answer: socket hang up$/],
  ])("is UNKNOWN in the first line when it gets %s", async (_what, listener, message) => {
    await using server = await serve(listener);
    const { code, printed } = await run(server.port, ["--http.timeout=200ms"]);
    expect(code).toBe(3);
    expect(printed.trimEnd()).toMatch(message);
    expect(printed).toMatch(/^UNKNOWN - http:/);
  });

  test("takes a state that it does not know for Unknown", async () => {
    const item = {
      account: "a",
      interconnect: "b",
      state: "Sleeping",
      expected_state: "Healthy",
      failure: null,
    };
    await using server = await serve((_, response) =>
      response.end(JSON.stringify({ interconnects: [item] })),
    );
    const { code, printed } = await run(server.port);
    expect({ code, printed: printed.split(" | ")[0] }).toEqual({
      code: 3,
      printed: "UNKNOWN - 1 Unknown: a/b is Unknown",
    });
  });
});

describe("status --from a daemon that is guarded", () => {
  const USERS = { alice: hashSync("secret", 4) };
  let files: Certificates;
  beforeAll(async () => {
    files = await createCertificates();
    await files.selfSigned("ca");
    const names = [{ type: "dns", value: "exporter.example" }] as const;
    await files.signed("server", "ca", { names: [...names], usage: "serverAuth" });
    await files.signed("client", "ca", { names: [...names], usage: "clientAuth" });
    const tls = { cert_file: "server.crt", key_file: "server.key" };
    const clients = { client_auth_type: "RequireAndVerifyClientCert", client_ca_file: "ca.crt" };
    await writeFile(
      files.pathOf("web.yml"),
      JSON.stringify({ tls_server_config: { ...tls, ...clients }, basic_auth_users: USERS }),
    );
    await writeFile(files.pathOf("password"), "secret\n");
  });
  afterAll(() => files[Symbol.asyncDispose]());

  async function ask(config: unknown) {
    await using daemon = await startWebSubject({ configFile: files.pathOf("web.yml") }, ports(WELL));
    await writeFile(files.pathOf("client.yml"), JSON.stringify(config));
    const args = [
      `--from=https://127.0.0.1:${daemon.port}`,
      `--http.config.file=${files.pathOf("client.yml")}`,
    ];
    return await runWith(status, { args });
  }

  const TLS = {
    ca_file: "ca.crt",
    server_name: "exporter.example",
    cert_file: "client.crt",
    key_file: "client.key",
  };
  const BASIC = { username: "alice", password_file: "password" };

  test("comes in with its CA, certificate and password", async () => {
    expect(await ask({ tls_config: TLS, basic_auth: BASIC })).toMatchObject({ code: 0, errors: "" });
  });

  test.each([
    [
      "a wrong password",
      { tls_config: TLS, basic_auth: { username: "alice", password: "other" } },
      /answered 401/,
    ],
    ["no password", { tls_config: TLS }, /answered 401/],
    ["another name", { tls_config: { ...TLS, server_name: "other.example" }, basic_auth: BASIC }, /altnames/],
    [
      "no CA of its own",
      { tls_config: { ...TLS, ca_file: undefined }, basic_auth: BASIC },
      /does not answer: /,
    ],
    [
      "no certificate",
      { tls_config: { ca_file: "ca.crt", server_name: "exporter.example" }, basic_auth: BASIC },
      /does not answer|answered 4/,
    ],
  ])("is UNKNOWN with %s, and says so", async (_what, config, message) => {
    const { code, printed } = await ask(config);
    expect(code).toBe(3);
    expect(printed).toMatch(/^UNKNOWN - /);
    expect(printed).toMatch(message);
    expect(printed).not.toContain("secret");
  });

  test("is UNKNOWN with a client's config that cannot be used, and names the place", async () => {
    const { code, printed, errors } = await ask({ basic_auth: { username: "alice" } });
    expect({ code, printed }).toEqual({ code: 3, printed: "" });
    expect(errors).toMatch(/client\.yml:1: basic_auth: expected password or password_file/);
  });
});

describe("status --textfile", () => {
  test("writes what a daemon knows as metrics, readable by all, in place of what was there", async () => {
    await using folder = await createTempFolder({ "cni.prom": "old" });
    const file = join(folder.path, "cni.prom");
    await using daemon = await startWebSubject({}, ports(ILL));
    expect((await run(daemon.port, [`--textfile=${file}`])).code).toBe(2);
    const text = readFileSync(file, "utf8");
    expect(text).toContain(
      'cloudflare_interconnect_state{account="production",interconnect="icon-ewr-02",state="Down"} 1\n',
    );
    expect(text).toContain('cloudflare_interconnect_group_healthy_members{group="newyork"} 2\n');
    expect(text).not.toMatch(/_total|exporter_/);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(await readdir(folder.path)).toEqual(["cni.prom"]);
  });

  test("says that it cannot write, leaves nothing behind, and is UNKNOWN unless it is worse", async () => {
    await using folder = await createTempFolder();
    const file = join(folder.path, "missing", "cni.prom");
    for (const [words, wanted] of [
      [WELL, 3],
      [ILL, 2],
    ] as const) {
      await using daemon = await startWebSubject({}, ports(words));
      const { code, printed, errors } = await run(daemon.port, [`--textfile=${file}`]);
      expect(code).toBe(wanted);
      expect(printed).toMatch(/^(?:OK|CRITICAL) - /);
      expect(errors).toMatch(/^--textfile: .*missing/);
    }
    expect(await readdir(folder.path)).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { isHost } from "../../../src/http/routes/sd-route.ts";
import { parseExternalUrl, type Site, siteOf } from "../../../src/http/site.ts";
import { buildPlan, buildTarget, instant, planned, replay } from "../../helpers/entry-builder.ts";
import { exchange } from "../../helpers/exchange.ts";
import { portsOf } from "../../helpers/http-ports.ts";
import { httpSubject } from "../../helpers/http-subject.ts";

const INFO = {
  type: "direct",
  site: "EWR1",
  facility: "Equinix NY5",
  speed: "10G",
  device: "edge-1",
  region: "ENAM",
  slotId: "7",
};
const TARGETS = [
  buildTarget("icon-01", {
    info: INFO,
    expectedState: "Pending",
    labels: { circuit_id: "XC-1", site: "mine" },
  }),
  buildTarget("icon/02 é", { account: "lab" }),
];
const STATE = replay([
  planned(
    buildPlan(TARGETS, { groups: [{ name: "newyork", members: ["production/icon-01"], minHealthy: 1 }] }),
  ),
]);

interface Asked {
  readonly host?: string;
  readonly site?: Site;
  readonly state?: typeof STATE;
  readonly query?: string;
  /** By account, whether its list is known; of all that there are by default. */
  readonly lists?: ReadonlyMap<string, boolean> | undefined;
}

async function ask(asked: Asked = {}) {
  const { host = "exporter.example.com:13335", site, state = STATE, query = "" } = asked;
  const ports = portsOf(state, instant(0));
  const lists = "lists" in asked ? () => asked.lists : ports.lists;
  await using it = httpSubject({ ...ports, lists }, site === undefined ? {} : { site });
  const {
    statusCode: code,
    headers,
    body,
  } = await it.app.inject({
    url: `${site?.routePrefix ?? ""}/sd${query}`,
    headers: { host },
  });
  return { code, type: headers["content-type"], body };
}

/** Where the first target is to be scraped. */
async function addressOf(asked: Asked): Promise<string> {
  const [first] = JSON.parse((await ask(asked)).body);
  const { __scheme__: scheme, __metrics_path__: path } = first.labels;
  return `${scheme}://${first.targets[0]}${path}`;
}

describe("GET /sd", () => {
  test("gives each interconnect a target with all that is known of it", async () => {
    const { code, type, body } = await ask();
    // Prometheus takes this content type and hardly another one.
    expect([code, type]).toEqual([200, "application/json; charset=utf-8"]);
    const unknown = Object.fromEntries(
      ["site", "facility", "speed", "device", "region", "type", "slot_id", "group"].map((name) => [
        `__meta_cloudflare_interconnect_${name}`,
        "",
      ]),
    );
    expect(JSON.parse(body)).toEqual([
      {
        targets: ["exporter.example.com:13335"],
        labels: {
          __scheme__: "http",
          __metrics_path__: "/probe",
          __param_account: "production",
          __param_interconnect: "icon-01",
          instance: "production/icon-01",
          __meta_cloudflare_interconnect_account: "production",
          __meta_cloudflare_interconnect_account_id: "023e105f4ecef8ad9ca31a8372d0c353",
          __meta_cloudflare_interconnect_interconnect: "icon-01",
          __meta_cloudflare_interconnect_expected_state: "Pending",
          __meta_cloudflare_interconnect_group: "newyork",
          __meta_cloudflare_interconnect_slot_id: "7",
          __meta_cloudflare_interconnect_type: "direct",
          __meta_cloudflare_interconnect_site: "EWR1",
          __meta_cloudflare_interconnect_facility: "Equinix NY5",
          __meta_cloudflare_interconnect_speed: "10G",
          __meta_cloudflare_interconnect_device: "edge-1",
          __meta_cloudflare_interconnect_region: "ENAM",
          __meta_cloudflare_interconnect_label_circuit_id: "XC-1",
          __meta_cloudflare_interconnect_label_site: "mine",
        },
      },
      {
        targets: ["exporter.example.com:13335"],
        labels: {
          ...unknown,
          __scheme__: "http",
          __metrics_path__: "/probe",
          __param_account: "lab",
          __param_interconnect: "icon/02 é",
          instance: "lab/icon/02 é",
          __meta_cloudflare_interconnect_account: "lab",
          __meta_cloudflare_interconnect_account_id: "023e105f4ecef8ad9ca31a8372d0c353",
          __meta_cloudflare_interconnect_interconnect: "icon/02 é",
          __meta_cloudflare_interconnect_expected_state: "Healthy",
        },
      },
    ]);
  });

  test("is an empty list when nothing is polled", async () => {
    const { code, body } = await ask({ state: replay([planned(buildPlan([]))]) });
    expect([code, JSON.parse(body)]).toEqual([200, []]);
  });

  test.each([
    [undefined, "", "http://exporter.example.com:13335/probe"],
    [undefined, "/cni", "http://exporter.example.com:13335/cni/probe"],
    ["https://noc.example.com", "", "https://noc.example.com/probe"],
    ["https://noc.example.com:8443/cni/", "/cni", "https://noc.example.com:8443/cni/probe"],
    // The proxy in front takes the path off.
    ["http://noc.example.com/cni", "", "http://noc.example.com/cni/probe"],
  ])(
    "with the external URL %s and the prefix %j sends scrapers to %s",
    async (externalUrl, routePrefix, expected) => {
      const external = externalUrl === undefined ? undefined : parseExternalUrl(externalUrl);
      expect(await addressOf({ site: siteOf(external, routePrefix) })).toBe(expected);
    },
  );

  test("does not look at the Host header when there is an external URL", async () => {
    const site = siteOf(parseExternalUrl("https://noc.example.com"), undefined);
    expect(await addressOf({ host: "evil.example.com/x?", site })).toBe("https://noc.example.com/probe");
  });

  test("sends nobody to a Host header that is none", async () => {
    for (const host of [
      "evil.example.com/x",
      "a b",
      "user@evil.example.com",
      "a:b",
      "a:1:2",
      "[::1",
      "é",
      "a".repeat(300),
    ]) {
      const { code, type, body } = await ask({ host });
      expect([host, code, type]).toEqual([host, 400, "text/plain; charset=utf-8"]);
      expect(body).toBe("Expected a Host header of host or host:port; or set --web.external-url\n");
    }
  });
});

test("/sd sends nobody anywhere without a Host header", async () => {
  await using it = httpSubject(portsOf(STATE, instant(0)));
  const port = Number(new URL(await it.app.listen({ host: "127.0.0.1", port: 0 })).port);
  for (const head of ["GET /sd HTTP/1.0", "GET /sd HTTP/1.1\r\nHost:\r\nConnection: close"]) {
    expect(await exchange(port, `${head}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  }
});

test.each([
  ["localhost", true],
  ["10.0.0.1:13335", true],
  ["[::1]:13335", true],
  ["my_exporter.noc-1.example.com:80", true],
  ["::1", false],
  ["[::1]x", false],
  ["a:123456", false],
  ["a\n", false],
  ["a#", false],
  ["a?b", false],
  ["a\\b", false],
])("isHost() of %j is %j", (text, expected) => {
  expect(isHost(text)).toBe(expected);
});

describe("GET /sd while a list is not known", () => {
  const lists = new Map([
    ["production", true],
    ["lab", false],
    ["attic", false],
  ]);

  test("answers 503 and names the accounts that are waited for", async () => {
    const { code, type, body } = await ask({ lists });
    expect([code, type]).toEqual([503, "text/plain; charset=utf-8"]);
    expect(body).toContain("Waiting for the first list of interconnects of lab, attic:");
  });

  test("serves an account whose list is known by itself", async () => {
    const { code, body } = await ask({ lists, query: "?account=production" });
    expect(code).toBe(200);
    const groups: readonly { readonly labels: Readonly<Record<string, string>> }[] = JSON.parse(body);
    expect(groups.map(({ labels }) => labels["instance"])).toEqual(["production/icon-01"]);
  });

  test.each([
    ["?account=lab", 503, "interconnects of lab:"],
    ["?account=nowhere", 404, "No such account"],
    ["?account=", 404, "No such account"],
    ["?account=lab&account=production", 400, "got it 2 times"],
  ])("%s answers %i: %s", async (query, code, message) => {
    const answer = await ask({ lists, query });
    expect([answer.code, answer.body]).toEqual([code, expect.stringContaining(message)]);
  });

  test("answers 503 before the configuration is in effect", async () => {
    expect((await ask({ lists: undefined })).code).toBe(503);
  });

  test("is an empty list where that is what the account has", async () => {
    const empty = await ask({ state: replay([planned(buildPlan([]))]), lists: new Map([["lab", true]]) });
    expect([empty.code, empty.body]).toEqual([200, "[]\n"]);
  });
});

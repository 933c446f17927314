import { describe, expect, test } from "vitest";
import { entryOf } from "../../src/domain/state.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { testConfig } from "../helpers/generation-subject.ts";
import { until, untilTrue } from "../helpers/until.ts";
import { startRealSubject } from "../helpers/real-subject.ts";

const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
const TOKEN = "cfut_token-of-the-discovery-tests";

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `icon-ewr-${String(index).padStart(4, "0")}`);
}

function startApi(interconnects: readonly string[], pageSize = 50): Promise<Simulator> {
  return startSimulator({
    accounts: [{ accountId: ACCOUNT_ID, credentials: [TOKEN], interconnects }],
    pageSize,
  });
}

/** A daemon's polling of an account that lists nothing, so that all is discovered. A list has its interval to be whole in. */
async function startOn(api: Simulator, interval = "1s") {
  const config = await testConfig({
    api: { base_url: api.baseUrl, budget: 100_000 },
    accounts: [{ name: "production", account_id: ACCOUNT_ID, api_token: TOKEN, discovery: { interval } }],
  });
  return startRealSubject(config);
}

type Subject = Awaited<ReturnType<typeof startOn>>;

function knownOf({ store }: Subject): string[] {
  return store.read().state.entries.all.map(({ target }) => target.interconnect);
}

function listsOf({ requests }: Simulator): string[] {
  return requests
    .filter(({ operation }) => operation === "list")
    .map(({ path }) => path.split("cursor=")[1] ?? "");
}

describe("discovery over HTTP", () => {
  test("finds 1,000 interconnects over 20 pages, and sends a seventh page that fails once again by itself", async () => {
    await using api = await startApi(names(1000));
    let asked = 0;
    api.override({ operation: "list" }, () => {
      asked += 1;
      return asked === 7 ? { status: 502, body: "<html>bad gateway</html>" } : undefined;
    });
    await using it = await startOn(api, "30s");
    await untilTrue("all to be discovered", () => knownOf(it).length === 1000);
    expect(knownOf(it)).toEqual(names(1000));
    const pages = listsOf(api).slice(0, 21);
    expect(pages.filter((cursor) => cursor === "300")).toHaveLength(2);
    expect(new Set(pages).size).toBe(20);
    expect(await it.metric("api_requests_total", { operation: "list", code: "502" })).toBe(1);
    expect(await it.metric("api_retries_total", { operation: "list" })).toBe(1);
    expect(await it.metric("discovery_failures_total")).toBe(0);
    expect(await it.metric("targets", { account: "production" })).toBe(1000);
    expect(entryOf(it.store.read().state, "production/icon-ewr-0999")?.target.info).toMatchObject({
      type: "direct",
      site: "ewr-a",
    });
  });

  test("keeps what it knows when a page fails for good, counts and logs that, and lists anew from the start", async () => {
    await using api = await startApi(names(30), 5);
    let refused = false;
    let pages = 0;
    api.override({ operation: "list" }, () => {
      pages += 1;
      return refused && pages > 3 ? { status: 400, body: { success: false, errors: [] } } : undefined;
    });
    await using it = await startOn(api);
    await untilTrue("all to be discovered", () => knownOf(it).length === 30);
    api.setInterconnects(ACCOUNT_ID, names(20));
    [refused, pages] = [true, 0];
    await untilTrue(
      "the failure to be counted",
      async () => (await it.metric("discovery_failures_total", { kind: "client_error" })) >= 1,
    );
    expect(knownOf(it)).toHaveLength(30);
    expect(it.log.lines).toContainEqual(
      expect.objectContaining({ level: "warn", message: "Discovery failed" }),
    );
    refused = false;
    await untilTrue("two good lists", () => knownOf(it).length === 20);
    expect(it.log.lines).toContainEqual(
      expect.objectContaining({ level: "info", message: "Discovery succeeded again" }),
    );
  });

  test("ends a list whose next leads back, and says so in metric and log", async () => {
    await using api = await startApi([...names(3), "icon-list-loop"], 2);
    await using it = await startOn(api);
    await untilTrue(
      "the loop to be counted",
      async () => (await it.metric("discovery_failures_total", { kind: "invalid_response" })) >= 1,
    );
    const line = await until("the log", () =>
      it.log.lines.find(({ message }) => message === "Discovery failed"),
    );
    expect(line).toMatchObject({
      level: "warn",
      fields: {
        account: "production",
        kind: "invalid_response",
        error: expect.stringContaining("second time"),
      },
    });
    expect(knownOf(it)).toEqual([]);
    expect(it.generation.awaitingDiscovery()).toEqual([]);
  });

  test("takes the first of two with one name and leaves out one without, and names both in the log", async () => {
    await using api = await startApi(["icon-ewr-01"]);
    api.override({ operation: "list" }, () => ({
      body: {
        items: [{ name: "a", speed: "10G" }, { name: "a", speed: "1G" }, { type: "direct" }, { name: "b" }],
        next: null,
      },
    }));
    await using it = await startOn(api);
    await untilTrue("the list to be read", () => knownOf(it).length > 0);
    expect(knownOf(it)).toEqual(["a", "b"]);
    expect(entryOf(it.store.read().state, "production/a")?.target.info.speed).toBe("10G");
    const warnings = it.log.lines.filter(({ level }) => level === "warn").map(({ fields }) => fields);
    expect(warnings).toContainEqual(expect.objectContaining({ names: ["a"] }));
    expect(warnings).toContainEqual(expect.objectContaining({ items: 1 }));
  });

  test("takes both variants, with and without the fields of 2026", async () => {
    await using api = await startApi(["icon-legacy-lhr-01", "icon-gcp-01", "icon-legacy-gcp-02"]);
    await using it = await startOn(api);
    await untilTrue("the list to be read", () => knownOf(it).length === 3);
    const infoOf = (name: string) => entryOf(it.store.read().state, `production/${name}`)?.target.info;
    expect(infoOf("icon-legacy-lhr-01")).toMatchObject({
      type: "direct",
      site: "lhr-a",
      device: "",
      region: "",
    });
    expect(infoOf("icon-gcp-01")).toMatchObject({
      type: "gcp_partner",
      site: "",
      speed: expect.stringMatching(/[MG]$/),
    });
    expect(infoOf("icon-legacy-gcp-02")).toMatchObject({ type: "gcp_partner", speed: "" });
    expect(it.log.lines.filter(({ level }) => level !== "debug")).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { authHeaders } from "../../src/api/credentials.ts";
import { decodeList, type ListRequest } from "../../src/api/list-interconnects.ts";
import { withRetry } from "../../src/api/retry.ts";
import { seededRandom } from "../../src/base/random.ts";
import { Secret } from "../../src/base/secret.ts";
import { NO_INFO } from "../../src/domain/target.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { failureOf, noSignal, reasonOf, subject, TOKEN } from "../helpers/client-subject.ts";
import { httpText, startRawServer } from "../helpers/raw-server.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const REQUEST: ListRequest = {
  account: "production",
  accountId: ACCOUNT,
  authorization: authHeaders(new Secret(TOKEN)),
};

function page(items: readonly unknown[], next?: unknown): string {
  return httpText(200, JSON.stringify({ items, next }));
}

/** A server whose pages are chosen by the cursor, "" for the first. */
async function startPages(pageOf: (cursor: string) => string) {
  return startRawServer((socket, head) => {
    const path = head.split(" ")[1] ?? "";
    socket.write(pageOf(new URL(path, "http://x").searchParams.get("cursor") ?? ""));
  });
}

describe("listInterconnects()", () => {
  test("walks 1,000 interconnects over 20 pages, and sends a page that failed again alone", async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `icon-ewr-${index}`);
    await using api = await startSimulator({
      accounts: [{ accountId: ACCOUNT, credentials: [TOKEN], interconnects: names }],
      pageSize: 50,
    });
    let asked = 0;
    api.override({ operation: "list" }, () => {
      asked += 1;
      return asked === 7 ? { status: 502, body: "<html>" } : undefined;
    });
    await using it = subject(api.baseUrl);
    let turns = 0;
    const retries: string[] = [];
    const answer = it.client.listInterconnects(
      {
        ...REQUEST,
        perPage: (send, signal) => {
          turns += 1;
          return withRetry(send, {
            retries: 1,
            timeoutMs: 10_000,
            clock: it.clock,
            random: seededRandom(1),
            signal,
            onRetry: ({ message }) => retries.push(message) > 0,
          });
        },
      },
      noSignal,
    );
    // The deadline of page 7's poll and its backoff.
    await it.clock.whenSleeping(2);
    await it.clock.advance(500);
    const { items, ...rest } = await answer;
    expect(items.map(({ name }) => name)).toEqual(names);
    expect(items[0]?.info).toMatchObject({ type: "direct", site: "ewr-a", facility: "Example Facility EWR" });
    expect(rest).toEqual({ duplicates: [], unusable: 0, pages: 20 });
    expect(turns).toBe(20);
    expect(retries).toEqual([expect.stringContaining('Cannot read page 7 of the interconnects of "produc')]);
    expect(api.requests.map(({ path }) => new URLSearchParams(path.split("?")[1]).get("cursor"))).toEqual([
      null,
      ...Array.from({ length: 6 }, (_, index) => String(50 + index * 50)),
      ...Array.from({ length: 14 }, (_, index) => String(300 + index * 50)),
    ]);
    expect(it.observed.filter(({ operation }) => operation === "list")).toHaveLength(21);
  });

  test("reads what the simulator's accounts list, of both variants, with and without the newer fields", async () => {
    const names = ["icon-ewr-01", "icon-gcp-01", "icon-legacy-lhr-01", "icon-legacy-gcp-02"];
    await using api = await startSimulator({
      accounts: [{ accountId: ACCOUNT, credentials: [TOKEN], interconnects: names }],
    });
    await using it = subject(api.baseUrl);
    const { items } = await it.client.listInterconnects(REQUEST, noSignal);
    expect(items.map(({ name, info }) => [name, info.type, info.device === "", info.region === ""])).toEqual([
      ["icon-ewr-01", "direct", expect.any(Boolean), true],
      ["icon-gcp-01", "gcp_partner", true, false],
      ["icon-legacy-lhr-01", "direct", true, true],
      ["icon-legacy-gcp-02", "gcp_partner", true, false],
    ]);
  });

  test("keeps the first of two items with one name, and counts those without", async () => {
    await using server = await startPages((cursor) =>
      cursor === ""
        ? page([{ name: "a", speed: "10G" }, { name: "b" }, { name: "a", speed: "1G" }, {}], 4)
        : page([{ name: "a" }, { name: "b" }, { name: "c" }, null]),
    );
    await using it = subject(server.url);
    expect(await it.client.listInterconnects(REQUEST, noSignal)).toMatchObject({
      items: [{ name: "a", info: { speed: "10G" } }, { name: "b" }, { name: "c" }],
      duplicates: ["a", "b"],
      unusable: 2,
      pages: 2,
    });
  });

  test("sends a cursor that is a text as one value of the query", async () => {
    await using server = await startPages((cursor) => page([], cursor === "" ? "a&b=/é" : undefined));
    await using it = subject(server.url);
    expect(await it.client.listInterconnects(REQUEST, noSignal)).toMatchObject({ items: [], pages: 2 });
    expect(server.requests[1]).toContain(
      `GET /accounts/${ACCOUNT}/cni/interconnects?cursor=a%26b%3D%2F%C3%A9 HTTP/1.1`,
    );
  });

  test.each([
    ["itself", () => 50, 2, 'page 2 of the interconnects of "production"'],
    ["an earlier page", (cursor: string) => (cursor === "50" ? 100 : "50"), 3, "page 3 of"],
  ])("ends with an error when next leads back to %s", async (_name, next, requests, asked) => {
    await using server = await startPages((cursor) => page([{ name: `icon-${cursor}` }], next(cursor)));
    await using it = subject(server.url);
    const error = await failureOf(it.client.listInterconnects(REQUEST, noSignal));
    expect(error).toMatchObject({ kind: "invalid_response", retryable: false });
    expect(error.message).toContain(`Cannot read on after ${asked}`);
    expect(error.message).toContain('expected a list that ends, but "next" is "50" for the second time');
    expect(server.requests).toHaveLength(requests);
  });

  test("ends with an error after 100 pages", async () => {
    await using server = await startPages((cursor) => page([], Number(cursor) + 1));
    await using it = subject(server.url);
    const error = await failureOf(it.client.listInterconnects(REQUEST, noSignal));
    expect(error).toMatchObject({ kind: "invalid_response", retryable: false });
    expect(error.message).toBe(
      'Cannot read on after page 100 of the interconnects of "production": expected a list that ends, but there is still a "next"',
    );
    expect(server.requests).toHaveLength(100);
  });

  test("takes a list of exactly 100 pages", async () => {
    await using server = await startPages((cursor) => page([], cursor === "99" ? null : Number(cursor) + 1));
    await using it = subject(server.url);
    expect(await it.client.listInterconnects(REQUEST, noSignal)).toMatchObject({ pages: 100 });
  });

  test("gives up the whole list when a page fails or may not be sent", async () => {
    await using server = await startPages((cursor) =>
      cursor === "" ? page([{ name: "a" }], 1) : httpText(429, "", { "retry-after": "30" }),
    );
    await using it = subject(server.url);
    expect(await failureOf(it.client.listInterconnects(REQUEST, noSignal))).toMatchObject({
      kind: "rate_limited",
      retryAfterMs: 30_000,
    });
    const spent = new Error("no budget");
    let turns = 0;
    const perPage = async <T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      turns += 1;
      if (turns === 2) throw spent;
      return send(noSignal);
    };
    expect(await reasonOf(it.client.listInterconnects({ ...REQUEST, perPage }, noSignal))).toBe(spent);
    expect(server.requests).toHaveLength(3);
  });

  test("sends nothing more once the signal has aborted", async () => {
    const controller = new AbortController();
    await using server = await startPages(() => page([{ name: "a" }], 1));
    await using it = subject(server.url);
    const reason = new Error("reload");
    const perPage = async <T>(send: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> => {
      const sent = await send(signal);
      controller.abort(reason);
      return sent;
    };
    const list = it.client.listInterconnects({ ...REQUEST, perPage }, controller.signal);
    expect(await reasonOf(list)).toBe(reason);
    expect(server.requests).toHaveLength(1);
  });
});

const PHYSICAL = {
  account: "of somebody else",
  name: "icon-ewr-01",
  type: "direct",
  owner: "x",
  site: "ewr-a",
  slot_id: "4f0a",
  speed: "10G",
  facility: { name: "Example\nFacility", address: ["1 Example Street"] },
  virtual_port_reservation_id: "1",
  ccr_device_name: "ccr01.ewr",
};

async function decode(body: unknown) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return decodeList("the list of x", {}, text, async () => undefined);
}

describe("decodeList() reads", () => {
  test("a physical interconnect and one of a cloud partner, raw or in an envelope", async () => {
    const partner = { account: "a", name: "icon-gcp", type: "gcp_partner", region: "us-east4", speed: "50M" };
    const list = { items: [PHYSICAL, partner], next: null };
    const page = {
      items: [
        {
          name: "icon-ewr-01",
          info: {
            type: "direct",
            site: "ewr-a",
            facility: "Example Facility",
            speed: "10G",
            device: "ccr01.ewr",
            region: "",
            slotId: "4f0a",
          },
        },
        { name: "icon-gcp", info: { ...NO_INFO, type: "gcp_partner", region: "us-east4", speed: "50M" } },
      ],
      unusable: 0,
      next: undefined,
    };
    expect(await decode(list)).toEqual(page);
    expect(await decode({ success: true, errors: [], result: list })).toEqual(page);
  });

  test("an item that has its name alone, or all else of a wrong type", async () => {
    const wrong = {
      name: "b",
      type: 1,
      site: null,
      facility: "x",
      speed: 10,
      ccr_device_name: null,
      region: {},
    };
    expect(
      await decode({ items: [{ name: "a" }, wrong, { name: "c", facility: { name: 7 } }] }),
    ).toMatchObject({
      items: ["a", "b", "c"].map((name) => ({ name, info: NO_INFO })),
      unusable: 0,
    });
  });

  test("on past items without a name that can be asked for", async () => {
    const broken = [{}, null, "x", 1, [], { name: 1 }, { name: "" }, { name: ".." }, { name: "\ud800" }];
    const items = [...broken, { name: "x".repeat(501) }];
    expect(await decode({ items: [...items, { name: "good" }] })).toMatchObject({
      items: [{ name: "good" }],
      unusable: items.length,
    });
  });

  test.each([
    [{ items: [] }, undefined],
    [{ items: [], next: null }, undefined],
    [{ items: null, next: null }, undefined],
    [{ items: null }, undefined],
    [{ success: true, result: { items: null, next: null } }, undefined],
    [{ items: null, next: 50 }, "50"],
    [{ items: [], next: 0 }, undefined],
    [{ items: [], next: "" }, undefined],
    [{ items: [], next: 50 }, "50"],
    [{ items: [], next: "b2Zmc2V0" }, "b2Zmc2V0"],
  ])("the end or the next cursor from %j", async (body, next) => {
    expect(await decode(body)).toEqual({ items: [], unusable: 0, next });
  });
});

test.each([
  ["[]", '"[]"'],
  ["{}", '"{}"'],
  ['{"next":null}', '"{"next":null}"'],
  ['{"items":{}}', '"{"items":{}}"'],
  ['{"items":[],"next":{"cursor":1}}', '"{"items":[],"next":{"cursor":1}}"'],
  ["<html><title>Log in</title>", 'an HTML page titled "Log in"'],
  ['{"success":false,"errors":[{"code":7,"message":"no"}],"result":null}', '"success": false, code 7 "no"'],
  ['{"success":false,"items":[{"name":"a"}]}', '"success": false without an error'],
])("decodeList() refuses %s and says what came", async (body, came) => {
  await expect(decode(body)).rejects.toThrow(
    expect.objectContaining({
      kind: "invalid_response",
      retryable: false,
      message: `Cannot read the list of x: expected a JSON object with a list "items", and "next" absent, null, a number or a string in the HTTP 200, got ${came}`,
    }),
  );
});

/** How many turns of the event loop a page gives way for. */
async function turnsFor(items: number): Promise<number> {
  let turns = 0;
  const names = Array.from({ length: items }, (_, index) => ({ ...PHYSICAL, name: `icon-${index}` }));
  const page = await decodeList("x", {}, JSON.stringify({ items: names }), async () => {
    turns += 1;
  });
  expect(page.items).toHaveLength(items);
  return turns;
}

describe("a long list", () => {
  test("is read 250 items at a time", async () => {
    expect(await turnsFor(10)).toBe(2);
    expect(await turnsFor(1000)).toBe(5);
    expect(await turnsFor(10_000)).toBe(41);
  });

  test.each([
    ["430,000 interconnects", '{"name":"a"}', 430_000],
    ["10,001 interconnects", '{"name":"a"}', 10_001],
    ["a million of anything else", "1", 1_000_000],
  ])("of %s is refused before it is read", async (_name, item, count) => {
    let turns = 0;
    const body = `{"items":[${Array<string>(count).fill(item).join(",")}]}`;
    const page = decodeList("the list of x", {}, body, async () => {
      turns += 1;
    });
    await expect(page).rejects.toThrow(
      "Cannot read the list of x: expected at most 10000 interconnects, got more",
    );
    await expect(page).rejects.toMatchObject({ kind: "invalid_response", retryable: false });
    expect(turns).toBe(1);
  });

  test("is refused when all its pages together are too long", async () => {
    const names = Array.from({ length: 4000 }, (_, index) => ({ name: `icon-${index}` }));
    await using server = await startPages((cursor) => page(names, Number(cursor) + 1));
    await using it = subject(server.url);
    const error = await failureOf(it.client.listInterconnects(REQUEST, noSignal));
    expect(error.message).toBe(
      'Cannot read page 3 of the interconnects of "production": expected at most 10000 interconnects, got more',
    );
    expect(server.requests).toHaveLength(3);
  });

  test("keeps 200 characters of what it tells of an interconnect", async () => {
    const long = "é\n".repeat(1_000_000);
    const { items } = await decode({ items: [{ ...PHYSICAL, site: long, facility: { name: long } }] });
    const kept = `${"é ".repeat(99)}é…`;
    expect(items).toMatchObject([{ info: { site: kept, facility: kept, speed: "10G" } }]);
  });
});

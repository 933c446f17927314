import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { discover } from "../../src/cli/discover.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { testConfig } from "../helpers/generation-subject.ts";
import { credentialKey } from "../../src/config/config.ts";
import { parseConfig } from "../../src/config/load.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { runWith } from "../helpers/command-context.ts";

const EAST = "023e105f4ecef8ad9ca31a8372d0c353";
const WEST = "0123456789abcdef0123456789abcdef";
const TOKEN = "cfut_token-of-the-discover-tests";

/** The command against a simulated API whose accounts have these interconnects; `items` replaces their lists. */
async function run(
  interconnects: readonly string[],
  { args = [], items, fails }: { args?: readonly string[]; items?: readonly unknown[]; fails?: string } = {},
) {
  const account = { credentials: [TOKEN], interconnects };
  await using api = await startSimulator({
    accounts: [
      { ...account, accountId: EAST },
      { ...account, accountId: WEST, interconnects: ["icon-lhr-01"] },
    ],
  });
  if (items !== undefined) api.override({ operation: "list", account: EAST }, () => ({ body: { items } }));
  if (fails !== undefined) api.override({ operation: "list", account: fails }, () => ({ status: 403 }));
  const config = {
    api: { base_url: api.baseUrl },
    poll: { retries: 0 },
    accounts: [
      { name: "east", account_id: EAST, api_token: TOKEN, discovery: { exclude: ["*"] } },
      { name: "west", account_id: WEST, api_token: TOKEN, interconnects: ["icon-gone"] },
    ],
  };
  await using folder = await createTempFolder({ "config.yaml": JSON.stringify(config) });
  const path = join(folder.path, "config.yaml");
  const ran = await runWith(discover, { args: [`--config.file=${path}`, ...args] });
  return { ...ran, operations: [...new Set(api.requests.map(({ operation }) => operation))] };
}

/** The names of each account that is printed, with the credential in the environment that the configuration itself held. */
async function load(fragment: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const read = await parseConfig(fragment, { file: "fragment.yaml", env: { CLOUDFLARE_API_TOKEN: TOKEN } });
  const problems = read.ok ? [] : read.problems.map(({ path, message }) => `${path}: ${message}`);
  expect(problems).toEqual([]);
  const accounts = read.ok ? read.config.accounts : [];
  return Object.fromEntries(
    accounts.map(({ name, interconnects }) => [name, interconnects.map((each) => each.name)]),
  );
}

describe("discover()", () => {
  test("lists every account whole, whatever is listed, excluded or off, and polls nothing", async () => {
    const { code, printed, errors, operations } = await run(["icon-ewr-01", "icon-gcp-01"]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(await load(printed)).toEqual({
      east: ["icon-ewr-01", "icon-gcp-01"],
      west: ["icon-lhr-01", "icon-gone"],
    });
    expect(printed).toMatch(/^ {6}- icon-ewr-01 {3}# direct, ewr-a, Example Facility EWR, \d+G$/m);
    expect(operations).toEqual(["list"]);
  });

  test("prints a fragment that loads with the same names, whatever they are", async () => {
    const plain = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
      .filter((name) => !/\p{Cc}/u.test(name) && name.isWellFormed() && name !== "." && name !== "..");
    const hostile = [
      "null",
      "true",
      "~",
      "1e3",
      "- x",
      "a: b",
      "#a",
      "a # b",
      '"',
      "'",
      "\\",
      "${HOME}",
      "$${x}",
      "{a}",
      "é",
      " a ",
    ];
    const names = [...new Set([...hostile, ...fc.sample(plain, { numRuns: 300, seed: 1 })])];
    const info = { type: "x\ninterconnects: []", site: "# y", speed: "10G" };
    const { code, printed } = await run([], { items: names.map((name) => ({ name, ...info })) });
    expect(code).toBe(0);
    expect(await load(printed)).toEqual({ east: names, west: ["icon-lhr-01", "icon-gone"] });
  });

  test("prints an empty list for an account without interconnects", async () => {
    const { printed } = await run([]);
    expect(await load(printed)).toEqual({ east: [], west: ["icon-lhr-01", "icon-gone"] });
  });

  test("prints JSON when asked for", async () => {
    const { printed } = await run(["icon-ewr-01"], { args: ["--output=json"] });
    expect(JSON.parse(printed)).toMatchObject([
      {
        account: "east",
        account_id: EAST,
        interconnect: "icon-ewr-01",
        type: "direct",
        site: "ewr-a",
        slot_id: expect.any(String),
      },
      { account: "west", account_id: WEST, interconnect: "icon-lhr-01" },
    ]);
  });

  test("ends with 1 and why when a list fails, and prints nothing that would look like all", async () => {
    const { code, printed, errors } = await run(["icon-ewr-01"], { fails: EAST });
    expect([code, printed]).toEqual([1, ""]);
    expect(errors).toMatch(/^east: .*403/);
    expect(errors).not.toContain("west");
  });

  test("prints a configuration that is checked as it is, with all that the one in use says of them", async () => {
    await using api = await startSimulator({
      accounts: [{ accountId: EAST, credentials: [TOKEN], interconnects: ["icon-ewr-01", "icon-ewr-02"] }],
    });
    const head = `api: { base_url: "${api.baseUrl}" }\naccounts:\n`;
    const labels = "labels: { note: 'a: \"${NOTE}\" # b', id: '7' }";
    const used = `${head}  - name: east
    account_id: ${EAST}
    api_token_file: token
    interconnects: [icon-ewr-01, { name: icon-ewr-02, expected_state: Pending, ${labels} }, icon-old]
  - name: lab
    account_id: ${EAST}
    api_token: \${TOKEN}
    discovery: { enabled: true }
groups: [{ name: newyork, members: [east/icon-ewr-02, east/icon-old, lab/icon-ewr-01, lab/icon-new], min_healthy: 2 }]
`;
    await using folder = await createTempFolder({ "config.yaml": used, token: TOKEN });
    const env = { TOKEN, NOTE: "n" };
    const { code, printed } = await runWith(discover, {
      args: [`--config.file=${join(folder.path, "config.yaml")}`],
      env,
    });
    expect(code).toBe(0);
    expect(printed).not.toContain(TOKEN);
    const before = await parseConfig(used, { file: join(folder.path, "config.yaml"), env });
    const after = await parseConfig(printed, { file: "elsewhere.yaml", env });
    if (!before.ok || !after.ok) throw new Error("Expected two configurations");
    const [east, lab] = after.config.accounts;
    expect(east?.interconnects).toEqual(before.config.accounts[0]?.interconnects);
    expect(lab?.interconnects.map(({ name }) => name)).toEqual(["icon-ewr-01", "icon-ewr-02", "icon-new"]);
    expect(after.config.groups).toEqual(before.config.groups);
    expect(after.config.accounts.map(({ credential }) => credentialKey(credential))).toEqual(
      before.config.accounts.map(({ credential }) => credentialKey(credential)),
    );
  });

  test("puts a variable of its own in place of each credential that the configuration itself holds", async () => {
    const tokens = { EAST_1: `${TOKEN}-1`, WEST: `${TOKEN}-2` };
    await using api = await startSimulator({
      accounts: [
        { accountId: EAST, credentials: [tokens.EAST_1], interconnects: ["icon-ewr-01"] },
        { accountId: WEST, credentials: [tokens.WEST], interconnects: ["icon-lhr-01"] },
      ],
    });
    const accounts = [
      { name: "east.1", account_id: EAST, api_token: tokens.EAST_1 },
      { name: "west", account_id: WEST, api_token: tokens.WEST },
      { name: "again", account_id: EAST, api_token: tokens.EAST_1 },
    ];
    const used = JSON.stringify({ api: { base_url: api.baseUrl }, accounts });
    await using folder = await createTempFolder({ "config.yaml": used });
    const { code, printed } = await runWith(discover, {
      args: [`--config.file=${join(folder.path, "config.yaml")}`],
    });
    expect(code).toBe(0);
    const env = Object.fromEntries(
      Object.entries(tokens).map(([name, token]) => [`CLOUDFLARE_API_TOKEN_${name}`, token]),
    );
    const before = await parseConfig(used, { file: "config.yaml", env });
    const after = await parseConfig(printed, { file: "config.yaml", env });
    if (!before.ok || !after.ok) throw new Error(`Expected two configurations, got\n${printed}`);
    expect(after.config.accounts.map(({ credential }) => credentialKey(credential))).toEqual(
      before.config.accounts.map(({ credential }) => credentialKey(credential)),
    );
  });

  test("ends with 1 for a configuration that cannot be used", async () => {
    await using folder = await createTempFolder({ "config.yaml": "{}" });
    const args = [`--config.file=${join(folder.path, "config.yaml")}`];
    expect(await runWith(discover, { args })).toMatchObject({ code: 1, printed: "" });
  });
});

test("the fragment's default for the rest is what the daemon takes", async () => {
  const config = await testConfig({
    accounts: [{ name: "east", account_id: EAST, api_token: "x", interconnects: [] }],
  });
  expect(config.accounts[0]?.discovery.enabled).toBe(true);
});

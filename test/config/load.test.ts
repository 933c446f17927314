import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/document/problems.ts";
import { ACCOUNT_ID, messages, parse, PLAIN, text, valid } from "../helpers/parse-config.ts";

const folder = mkdtempSync(join(tmpdir(), "config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function account(index: number, token: string): string {
  return `  - { name: a${index}, account_id: ${ACCOUNT_ID}, api_token: ${token}, interconnects: [icon] }\n`;
}

describe("loadConfig()", () => {
  test("reads a file, with secret files relative to its folder", async () => {
    mkdirSync(join(folder, "secrets"), { recursive: true });
    const token = write("secrets/token", " file-token\n\n");
    const path = write(
      "config.yaml",
      text(["api_token_file: secrets/token", "interconnects: [icon-ewr-01]"]),
    );
    const result = await loadConfig(path, {});
    if (!result.ok) throw new Error("expected a config");
    const credential = result.config.accounts[0]?.credential;
    expect(credential).toMatchObject({ scheme: "token", token: { from: "file", path: token } });
    expect(credential?.scheme === "token" && credential.token.value.reveal()).toBe("file-token");
  });

  test("refuses a file of hundreds of thousands of names before it is parsed, in one line", async () => {
    const names = Array.from({ length: 500_000 }, (_, index) => `      - icon-${1e6 + index}\n`);
    const result = await loadConfig(write("huge.yaml", `${text(PLAIN)}${names.join("")}`), {});
    const problem =
      "cannot read the config: expected at most 8388608 bytes, got 10500142; is this the right file?";
    expect(result).toMatchObject({ reason: "unreadable", problems: [{ message: problem }] });
  });

  test("has the same hash for the same content, and another for another", async () => {
    const one = await loadConfig(write("one.yaml", text(PLAIN)), {});
    const same = await loadConfig(write("same.yaml", text(PLAIN)), {});
    const other = await loadConfig(write("other.yaml", text([...PLAIN, "# more"])), {});
    if (!one.ok || !same.ok || !other.ok) throw new Error("expected three configs");
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(same.hash).toBe(one.hash);
    expect(other.hash).not.toBe(one.hash);
  });

  test("has another hash for another certificate or token in a file, and names what to watch", async () => {
    const certificate = await loadConfig(
      write(
        "ca.yaml",
        `api: { ca_file: missing.pem }\n${text(["api_token_file: hashed-token", "interconnects: [a]"])}`,
      ),
      {},
    );
    expect(certificate).toMatchObject({
      ok: false,
      files: [join(folder, "missing.pem"), join(folder, "hashed-token")],
    });
    const path = write("hashed.yaml", text(["api_token_file: hashed-token", "interconnects: [a]"]));
    write("hashed-token", "one");
    const one = await loadConfig(path, {});
    write("hashed-token", "two");
    const two = await loadConfig(path, {});
    if (!one.ok || !two.ok) throw new Error("expected two configs");
    expect(two.hash).not.toBe(one.hash);
    // A token's file is followed while it is used.
    expect(two.files).toEqual([]);
  });

  test("tells a missing file from one that cannot be read", async () => {
    expect(await loadConfig(join(folder, "none.yaml"), {})).toEqual({
      ok: false,
      reason: "missing",
      files: [],
      warnings: [],
      problems: [{ path: "", message: "cannot read the config: no such file" }],
    });
    expect(await loadConfig(folder, {})).toEqual({
      ok: false,
      reason: "unreadable",
      files: [],
      warnings: [],
      problems: [{ path: "", message: "cannot read the config: it is a folder" }],
    });
  });

  test("refuses a file that is not UTF-8", async () => {
    const path = write("latin1.yaml", Buffer.from("# caf\u00e9\n", "latin1"));
    expect(await loadConfig(path, {})).toMatchObject({
      reason: "unreadable",
      files: [],
      problems: [{ message: "expected UTF-8 text" }],
    });
  });
});

describe("parseConfig() defaults", () => {
  test("fills in everything but the accounts", async () => {
    const { accounts, ...rest } = await valid(text(PLAIN));
    expect(accounts).toHaveLength(1);
    expect(rest).toEqual({
      poll: {
        intervalMs: 60_000,
        attentionIntervalMs: 15_000,
        timeoutMs: 10_000,
        retries: 2,
        concurrency: 8,
        staleAfterConfiguredMs: undefined,
        staleAfterMs: 600_000,
      },
      api: {
        baseUrl: "https://api.cloudflare.com/client/v4",
        budgetRequests: 600,
        ca: undefined,
        proxyUrl: undefined,
      },
      groups: [],
      reasons: { label: "full", maxLength: 200, maskNumbers: true, maxPerInterconnect: 20, classes: [] },
    });
  });

  test("takes an empty section for one that is left out", async () => {
    const empty = "poll:\n  # interval: 30s\napi:\ngroups:\nreasons: {}";
    expect(await valid(text(PLAIN, empty))).toEqual(await valid(text(PLAIN)));
  });

  test("lets stale_after follow a long interval, and timeout a short one", async () => {
    const long = await valid(text(PLAIN, "poll: { interval: 5m }"));
    expect(long.poll).toMatchObject({ staleAfterMs: 900_000, timeoutMs: 10_000 });
    const short = await valid(text(PLAIN, "poll: { interval: 2s }"));
    expect(short.poll).toMatchObject({ staleAfterMs: 600_000, timeoutMs: 2000 });
  });

  test("lets attention_interval follow a short interval, and takes 0 as off", async () => {
    const short = await valid(text(PLAIN, "poll: { interval: 2s }"));
    const long = await valid(text(PLAIN, "poll: { attention_interval: 30s }"));
    const off = await valid(text(PLAIN, "poll: { attention_interval: 0 }"));
    const attention = [short, long, off].map(({ poll }) => poll.attentionIntervalMs);
    expect(attention).toEqual([2000, 30_000, 0]);
  });

  test("keeps stale_after as configured for an interval that is stretched later", async () => {
    const { poll } = await valid(text(PLAIN, "poll: { stale_after: 90s }"));
    expect(poll).toMatchObject({ staleAfterConfiguredMs: 90_000, staleAfterMs: 120_000 });
  });

  test("takes a timeout as long as the interval", async () => {
    expect((await valid(text(PLAIN, "poll: { interval: 5s, timeout: 5s }"))).poll.timeoutMs).toBe(5000);
  });
});

const OTHER_ID = "0123456789abcdef0123456789abcdef";

const lab = (id: string): string =>
  `name: lab, account_id: ${id}, api_token: x, interconnects: [icon-ewr-01, "icon-*"]`;

const found = (name: string, include: string, id = OTHER_ID): string =>
  `name: ${name}, account_id: ${id}, api_token: ${name}, discovery: { include: [${include}] }`;

const broken = (discovery: string): string =>
  `name: b, account_id: ${OTHER_ID}, api_token: b, surprise: 1, discovery: { enabled: true${discovery} }`;

const told = async (...accounts: readonly string[]) => {
  const result = await parse(`${text(PLAIN)}${accounts.map((each) => `  - { ${each} }\n`).join("")}`);
  return result.warnings.map(({ path, message }) => `${path}: ${message}`);
};

describe("parseConfig() warnings", () => {
  test("counts a stale_after under twice the interval as twice, and says so", async () => {
    const result = await parse(text(PLAIN, "poll:\n  stale_after: 90s"));
    if (!result.ok) throw new Error("expected a config");
    expect(result.config.poll.staleAfterMs).toBe(120_000);
    expect(result.warnings.map((warning) => formatProblem("config.yaml", warning))).toEqual([
      "config.yaml:2: poll.stale_after: 1m30s is under 2 x poll.interval and counts as 2m",
    ]);
  });

  test("counts an attention_interval over the interval as the interval, and says so", async () => {
    const result = await parse(text(PLAIN, "poll:\n  interval: 10s\n  attention_interval: 15s"));
    if (!result.ok) throw new Error("expected a config");
    expect(result.config.poll.attentionIntervalMs).toBe(10_000);
    expect(result.warnings.map((warning) => formatProblem("config.yaml", warning))).toEqual([
      "config.yaml:3: poll.attention_interval: 15s is over poll.interval and counts as 10s",
    ]);
  });

  test("says what a budget over Cloudflare's own limit leads to, and takes it", async () => {
    const result = await parse(text(PLAIN, "api:\n  budget: 1201"));
    if (!result.ok) throw new Error("expected a config");
    expect(result.config.api.budgetRequests).toBe(1201);
    expect(result.warnings.map((warning) => formatProblem("config.yaml", warning))).toEqual([
      "config.yaml:2: api.budget: 1201 is over the 1200 requests in 5 minutes that Cloudflare allows unless agreed otherwise; beyond its limit it refuses everything for 5 minutes, the dashboards of the same user too",
    ]);
  });

  test("are told beside problems, also of their own section", async () => {
    const result = await parse(
      text(PLAIN, "poll:\n  stale_after: 90s\n  retries: many\napi:\n  budget: 5000\n  base_url: x"),
    );
    expect(result.ok).toBe(false);
    const shown = result.warnings.map(({ path }) => path);
    expect(shown).toEqual(["poll.stale_after", "api.budget"]);
  });

  test("are told of patterns among names and of one circuit in two accounts", async () => {
    const pattern =
      "accounts[1].interconnects[1]: holds a *, but names here are no patterns; patterns go in discovery.include";
    expect(await told(lab(OTHER_ID))).toEqual([
      "accounts[1].interconnects[0]: same name as accounts[0].interconnects[0] of another account; when it is one circuit, list it once, where it belongs",
      pattern,
    ]);
    expect(await told(lab(ACCOUNT_ID.toUpperCase()))).toEqual([
      "accounts[1].interconnects[0]: same circuit as accounts[0].interconnects[0], since both accounts have one account_id; it is polled and alerted on twice",
      pattern,
    ]);
  });

  test("are told of two accounts that find the same, and of none that split one account between credentials", async () => {
    expect(await told(found("a", '"*"'), found("b", "icon-ewr-*"))).toEqual([
      "accounts[2].account_id: accounts[1] has the same account_id and finds its interconnects too; what both take is polled and alerted on twice",
    ]);
    expect(await told(found("a", "icon-ewr-*"), found("b", "icon-lhr-*"))).toEqual([]);
    expect(await told(found("a", '"*"', OTHER_ID.replace("0", "f")), found("b", '"*"'))).toEqual([]);
  });

  test("are told of accounts that find the same although one of them is broken elsewhere", async () => {
    const same = [expect.stringContaining("accounts[1] has the same account_id and finds its interconnects")];
    expect(await told(found("a", '"*"'), broken(""))).toEqual(same);
    expect(await told(found("a", '"*"'), broken(', include: [{ name: x }, "*"]'))).toEqual(same);
    expect(await told(found("a", '"*"'), broken(", include: none"))).toEqual([]);
  });

  test.each([
    [
      "^icon-.*$",
      "looks like a regular expression; here * is any run of characters and ? any one, for the whole name",
    ],
    [
      "icon-(ewr|lhr)-01",
      "looks like a regular expression; here * is any run of characters and ? any one, for the whole name",
    ],
    ["!icon-lab-*", "no pattern takes names away by a !; put it into discovery.exclude, without the !"],
  ])("are told of %s, which is no glob", async (pattern, message) => {
    const account = `name: a, account_id: ${OTHER_ID}, api_token: x, discovery: { include: ["*", '${pattern}'], exclude: ["x?-*"] }`;
    expect(await told(account)).toEqual([`accounts[1].discovery.include[1]: ${message}`]);
  });

  test.each([
    "poll: { stale_after: 2m }",
    "poll: { attention_interval: 60s }",
    "poll: { attention_interval: 0 }",
    "api: { budget: 1200 }",
  ])("has none for %s", async (head) => {
    expect(await parse(text(PLAIN, head))).toMatchObject({ ok: true, warnings: [] });
  });
});

describe("parseConfig() interconnects", () => {
  test("takes names and mappings, and keeps unquoted numbers as written", async () => {
    const lines = [
      "api_token: x",
      "interconnects:",
      "  - 0123",
      "  - name: icon-lhr-02",
      "    expected_state: Pending",
      "    labels: { vlan: 0100, circuit: 1.10, redundant: true, provider: Example Carrier }",
      "  - name: icon-ewr-03",
      "    labels:",
    ];
    expect((await valid(text(lines))).accounts[0]?.interconnects).toEqual([
      { name: "0123", expectedState: "Healthy", labels: {} },
      {
        name: "icon-lhr-02",
        expectedState: "Pending",
        labels: { vlan: "0100", circuit: "1.10", redundant: "true", provider: "Example Carrier" },
      },
      { name: "icon-ewr-03", expectedState: "Healthy", labels: {} },
    ]);
  });

  test("has no label that nobody set", async () => {
    const lines = [
      "api_token: x",
      "interconnects: [icon-ewr-01, { name: icon-lhr-02, labels: { circuit: x } }]",
    ];
    const { accounts } = await valid(text(lines));
    const values = accounts[0]?.interconnects.map(({ labels }) => labels["constructor"]);
    expect(values).toEqual([undefined, undefined]);
  });

  test("takes a merge key, with what is written beside it first", async () => {
    const merged = `  - { name: lab, <<: [*first, *first], interconnects: [icon-lab-01] }`;
    const first = text(PLAIN).replace("  - name", "  - &first\n    name");
    const { accounts } = await valid(`${first}${merged}\n`);
    expect(accounts.map(({ name, accountId }) => [name, accountId])).toEqual([
      ["production", ACCOUNT_ID],
      ["lab", ACCOUNT_ID],
    ]);
    expect(accounts[1]?.interconnects.map(({ name }) => name)).toEqual(["icon-lab-01"]);
  });

  test("reads a list from an anchor", async () => {
    const lines = ["api_token: x", "interconnects: &all [a, b]", "# next"];
    const more = `  - { name: lab, account_id: ${ACCOUNT_ID}, api_token: y, interconnects: *all }`;
    const { accounts } = await valid(`${text(lines)}${more}\n`);
    expect(accounts[1]?.interconnects).toEqual(accounts[0]?.interconnects);
  });
});

describe("parseConfig() credentials", () => {
  test("takes an email with a key, inline or in a file", async () => {
    write("key", "file-key\n");
    const inline = await valid(
      text(["api_email: noc@example.com", "api_key: ' inline-key '", "interconnects: [a]"]),
    );
    const file = await valid(
      text(["api_email: noc@example.com", "api_key_file: key", "interconnects: [a]"]),
      {},
      folder,
    );
    const revealed = [inline, file].map(({ accounts }) => {
      const credential = accounts[0]?.credential;
      return credential?.scheme === "key" ? [credential.email, credential.key.value.reveal()] : undefined;
    });
    expect(revealed).toEqual([
      ["noc@example.com", "inline-key"],
      ["noc@example.com", "file-key"],
    ]);
  });

  test("takes a file whose name has the form of a token", async () => {
    const name = "a".repeat(40);
    write(name, "token");
    expect(await messages(text([`api_token_file: ${name}`, "interconnects: [a]"]), {}, folder)).toEqual([]);
  });

  test("shows no secret when the config is printed", async () => {
    const config = await valid(text(PLAIN));
    expect(JSON.stringify(config)).not.toContain("secret-token");
    expect(inspect(config, { depth: 20 })).not.toContain("secret-token");
  });

  test("demands a slot in flight for each credential, and counts a shared one once", async () => {
    write("shared-token", "same\n");
    const fromFile = account(9, "same").replace("api_token: same", "api_token_file: shared-token");
    const one = `poll: { concurrency: 1 }\naccounts:\n${account(0, "same")}${fromFile}`;
    expect(await messages(one, {}, folder)).toEqual([]);
    const shared = Array.from({ length: 9 }, (_, index) => account(index, "same")).join("");
    const distinct = Array.from({ length: 9 }, (_, index) => account(index, `token-${index}`)).join("");
    expect(await messages(`accounts:\n${shared}`)).toEqual([]);
    expect(await messages(`accounts:\n${distinct}`)).toEqual([
      "config.yaml:1: poll.concurrency: must be at least 9, one for each credential, but is 8",
    ]);
  });
});

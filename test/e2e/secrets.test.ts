import { describe, expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { type DaemonProcess, runCommand, startDaemonProcess } from "../helpers/daemon-process.ts";
import { scrape } from "../helpers/scrape.ts";
import { untilTrue } from "../helpers/until.ts";
import { AMPLE_BUDGET } from "../helpers/e2e-account.ts";
import { ECHO_NAMES, startEchoServer } from "../helpers/echo-server.ts";

/** In every canary, from its beginning on, so that a part of one is found too. */
const CANARY = "CANARY";
const INLINE = "CANARY-cfut-CANARY-inline-CANARY-0123456";
const ENVIRONMENT = "CANARY-cfut-CANARY-of-the-environment-CA";
const FILE = "CANARY-cfut-CANARY-of-a-file-CANARY-01234";
const KEY = "CANARY0key0CANARY0key0CANARY0key0CANARY";
const EMAIL = "noc@example.com";

const FILES = { "secrets/token": `${FILE}\n` };
const ENV = { CLOUDFLARE_TOKEN: ENVIRONMENT };

/** Four accounts, each with a credential that is given in another way. */
function accountsWith(interconnects: readonly string[]) {
  const account = (index: number, credential: Readonly<Record<string, string>>) => ({
    name: `account-${index}`,
    account_id: String(index).padStart(32, "0"),
    ...credential,
    interconnects,
  });
  return [
    account(1, { api_token: INLINE }),
    account(2, { api_token: "${CLOUDFLARE_TOKEN}" }),
    account(3, { api_token_file: "secrets/token" }),
    account(4, { api_email: EMAIL, api_key: KEY }),
  ];
}

const POLL = { interval: "2s", timeout: "1s", retries: 1, concurrency: 40, stale_after: "4s" };

/** Runs the daemon until every interconnect has been polled twice; gives all that it has shown, by where. */
async function everythingShown(config: unknown): Promise<Readonly<Record<string, string>>> {
  await using daemon = await startDaemonProcess({
    config,
    files: FILES,
    env: ENV,
    args: ["--log.level=debug"],
  });
  await untilTrue("two polls of each", async () => {
    const { rows } = await scrape(daemon.origin);
    return rows("polls_total").every(({ value }) => value >= 2);
  });
  const pages = await pagesOf(daemon);
  const check = await runCommand(["check", `--config.file=${daemon.folder}/config.yaml`], { env: ENV });
  daemon.kill("SIGTERM");
  await daemon.ended;
  return {
    ...pages,
    stdout: daemon.stdout(),
    stderr: daemon.stderr(),
    check: check.stdout + check.stderr,
  };
}

async function pagesOf({ origin }: DaemonProcess): Promise<Readonly<Record<string, string>>> {
  const shown: Record<string, string> = {
    openmetrics: (await scrape(origin, "openmetrics")).text,
  };
  for (const path of [
    "/metrics",
    "/",
    "/-/ready",
    "/-/healthy",
    "/config",
    "/no/such/page",
    "/%ff",
    "/-/reload",
  ]) {
    const response = await fetch(origin + path);
    shown[path] = JSON.stringify([...response.headers]) + (await response.text());
  }
  const wrong = await fetch(`${origin}/metrics`, {
    method: "POST",
    body: "{",
    headers: { "content-type": "application/json" },
  });
  shown["POST"] = await wrong.text();
  return shown;
}

/** Where a canary is, with what is around it. */
function leaksIn(shown: Readonly<Record<string, string>>): string[] {
  return Object.entries(shown).flatMap(([where, text]) =>
    Array.from(text.matchAll(new RegExp(`.{0,80}${CANARY}.{0,20}`, "gi")), ([found]) => `${where}: ${found}`),
  );
}

test("no credential is shown although the API fails in every way", async () => {
  const faults = ["error-401", "error-403", "error-403-ip", "error-403-html", "error-404", "error-400-6003"];
  const bodies = ["html", "truncated", "empty", "array", "huge", "hang-body", "error-500-html", "error-429"];
  const names = [...faults, ...bodies, "reset", "cut", "hang", "redirect", "steady"].map(
    (word) => `icon-ewr-01-${word}`,
  );
  const known = [INLINE, FILE, { email: EMAIL, key: KEY }];
  await using simulator = await startSimulator({
    // The token of account 2 is one that the API does not know.
    accounts: [1, 2, 3, 4].map((index) => ({
      accountId: String(index).padStart(32, "0"),
      credentials: known,
      interconnects: names,
    })),
  });
  const shown = await everythingShown({
    poll: POLL,
    api: { base_url: simulator.baseUrl, budget: AMPLE_BUDGET },
    accounts: accountsWith(names),
  });
  const codes = new Set(simulator.requests.map(({ status }) => status));
  const kinds = new Set(Array.from(shown["stderr"]?.matchAll(/"kind":"(\w+)"/g) ?? [], ([, kind]) => kind));
  expect([...codes]).toEqual(expect.arrayContaining([0, 200, 302, 400, 401, 403, 404, 429, 500]));
  expect(kinds).toEqual(
    new Set([
      "forbidden",
      "invalid_response",
      "network",
      "not_found",
      "rate_limited",
      "server_error",
      "timeout",
      "unauthorized",
    ]),
  );
  expect(leaksIn(shown)).toEqual([]);
});

test("no credential is shown although the API repeats it in bodies, messages and headers", async () => {
  await using echo = await startEchoServer();
  const shown = await everythingShown({
    poll: POLL,
    api: { base_url: echo.baseUrl, budget: AMPLE_BUDGET },
    accounts: accountsWith(ECHO_NAMES),
  });
  // All four were sent as they are, so there was something to show.
  expect([...echo.heard].sort()).toEqual(
    [KEY, ...[INLINE, ENVIRONMENT, FILE].map((token) => `Bearer ${token}`)].sort(),
  );
  expect(shown["stderr"]).toContain("<secret>");
  expect(leaksIn(shown)).toEqual([]);
});

/** Mistakes around a secret, each in an account that is otherwise right. */
const MISTAKES: Readonly<Record<string, string>> = {
  "two words": `api_token: ${INLINE} ${INLINE}`,
  "a list": `api_token: [${INLINE}]`,
  "a mapping": `api_token: { value: ${INLINE} }`,
  "a token in place of a file": `api_token_file: ${INLINE}`,
  "a file with two words": "api_token_file: secrets/two-words",
  "a misspelt key": `api_tokn: ${INLINE}`,
  "a token and a key": `api_token: ${INLINE}\n    api_email: ${EMAIL}\n    api_key: ${KEY}`,
  "a key alone": `api_key: ${KEY}`,
  "the same key twice": `api_token: ${INLINE}\n    api_token: ${FILE}`,
  "a tab": `api_token:\t${INLINE}\n\tapi_key: ${KEY}`,
  "a missing quote": `api_token: "${INLINE}`,
  "a missing space": `api_token:${INLINE}`,
  "an unknown tag": `api_token: !secret ${INLINE}`,
  "an alias that is not there": `api_token: *${INLINE}`,
  "an environment variable with a line break": "api_token: ${TWO_LINES}",
  "the token as the name of an environment variable": `api_token: \${${INLINE}}`,
};

describe("a configuration that is wrong around a secret is reported without it", () => {
  test.each(Object.entries(MISTAKES))("%s", async (_, lines) => {
    const config = `accounts:
  - name: production
    account_id: 023e105f4ecef8ad9ca31a8372d0c353
    ${lines}
    interconnects: [icon-ewr-01]
`;
    const options = {
      files: { "config.yaml": config, "secrets/two-words": `${FILE} ${FILE}` },
      env: { TWO_LINES: `${ENVIRONMENT}\n${ENVIRONMENT}` },
    };
    for (const args of [["run", "--log.level=debug"], ["check"]]) {
      const { code, stdout, stderr } = await runCommand(args, options);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^config\.yaml:\d+: /);
      expect(leaksIn({ stderr })).toEqual([]);
    }
  });
});

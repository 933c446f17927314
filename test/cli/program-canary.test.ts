import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { check } from "../../src/cli/check.ts";
import type { RunCommand } from "../../src/cli/command.ts";
import { discover } from "../../src/cli/discover.ts";
import { run } from "../../src/cli/run.ts";
import { status } from "../../src/cli/status.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { CANARIES, type Canary } from "../helpers/canaries.ts";
import { runWith, startCommand } from "../helpers/command-context.ts";
import { freePort } from "../helpers/free-port.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { untilTrue } from "../helpers/until.ts";

const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
const TOKEN = "cfut_token-of-the-canary-tests";
const KEY = { email: "ops@example.net", key: "0123456789abcdef0123456789abcdef01234" };

/** A right configuration with every text of it in «», after a = where it becomes a label's value. */
const TEMPLATE = `poll: { interval: «1h», attention_interval: «1m», timeout: «1s», retries: «0», concurrency: «4», stale_after: «3h» }
api: { base_url: «BASE_URL», ca_file: «""», budget: «600», proxy_url: «""» }
accounts:
  - name: «production»
    account_id: «${ACCOUNT_ID}»
    api_token_file: «token»
    interconnects: [«=icon-ewr-01», { name: «=icon-lhr-02», expected_state: «Healthy», labels: { «note»: x } }]
    discovery: { enabled: «true», interval: «10m», include: [«icon-*»], exclude: [«icon-old-*»] }
  - { name: own, account_id: ${ACCOUNT_ID}, api_token: «${TOKEN}» }
  - { name: key, account_id: ${ACCOUNT_ID}, api_email: «${KEY.email}», api_key: «${KEY.key}» }
groups:
  - { name: «redundant», members: [«=production/icon-ewr-01», «=own/icon-ewr-01»], min_healthy: «1» }
reasons: { label: «full», max_length: «200», mask_numbers: «true», max_per_interconnect: «20», classes: [{ name: «mine», match: «light» }] }
`;
const PARTS = TEMPLATE.split(/[«»]/);
const PLACES = PARTS.map((_, index) => index).filter((index) => index % 2 === 1);

/** The configuration with `pasted` in place of the text there; as it is without. */
function textWith(baseUrl: string, place?: number, pasted = ""): string {
  const text = PARTS.map((part, index) => (index === place ? `"${pasted}"` : part.replace(/^=/, ""))).join(
    "",
  );
  return text.replace("BASE_URL", baseUrl);
}

/** What it becomes is shown as it is where it is accepted: a label's value, or the email of a key. */
function isShown(place: number, { kind }: Canary): boolean {
  return PARTS[place]?.startsWith("=") === true || (kind === "email" && PARTS[place] === KEY.email);
}

async function subject() {
  const api = await startSimulator({
    accounts: [
      { accountId: ACCOUNT_ID, credentials: [TOKEN, KEY], interconnects: ["icon-ewr-01", "icon-lhr-02"] },
    ],
  });
  const folder = await createTempFolder({ token: TOKEN, "c.yaml": textWith(api.baseUrl) });
  const file = join(folder.path, "c.yaml");
  return {
    baseUrl: api.baseUrl,
    file,
    write: async (text: string) => await writeFile(file, text),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Each reads the file by itself; of a wrong one they tell in the same way. */
const COMMANDS: readonly (readonly [RunCommand, readonly string[]])[] = [
  [check, []],
  [status, []],
  [status, ["--output=json"]],
  [discover, []],
];
const REFUSING: typeof COMMANDS = [...COMMANDS, [run, []]];
/** A daemon that serves this file, whose log tells all. */
async function startDaemon(file: string) {
  const port = await freePort();
  const address = `--web.listen-address=127.0.0.1:${port}`;
  const flags = [`--config.file=${file}`, address, "--web.enable-lifecycle"];
  const it = startCommand(run, flags, { logLevel: "debug" });
  await untilTrue("it to serve", () => it.errors().includes("Polling and serving"));
  async function ask(path: string, method = "GET") {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return { status: response.status, body: await response.text() };
  }
  return { ...it, ask, [Symbol.asyncDispose]: async () => void (await it.stop()) };
}

/** All that these commands print and log of the file. */
async function shownBy(commands: typeof COMMANDS, file: string): Promise<string> {
  const texts: string[] = [];
  for (const [command, args] of commands) {
    const ran = await runWith(command, { args: [`--config.file=${file}`, ...args], logLevel: "debug" });
    texts.push(ran.printed, ran.errors);
  }
  return texts.join("\n");
}

test("the configuration in which canaries are pasted is a right one", async () => {
  await using it = await subject();
  for (const [command, args] of COMMANDS)
    expect((await runWith(command, { args: [`--config.file=${it.file}`, ...args] })).code).toBe(0);
});

test.each(CANARIES)(
  "no command, log, reload or /config shows this in place of any text of the configuration: $kind",
  async (canary) => {
    await using it = await subject();
    await using daemon = await startDaemon(it.file);
    const leaks: string[] = [];
    const outcomes = new Set<number>();
    for (const [nth, place] of PLACES.entries()) {
      const before = PARTS[place] === "BASE_URL" ? `${it.baseUrl}/` : "";
      await it.write(textWith(it.baseUrl, place, `${before}${canary.text}`));
      const logged = daemon.errors().length;
      const { status: outcome, body } = await daemon.ask("/-/reload", "POST");
      outcomes.add(outcome);
      const isRight = outcome === 200;
      if (isRight && isShown(place, canary)) continue;
      // A daemon that refused it has the one before in effect.
      const config = isRight ? (await daemon.ask("/config")).body : "";
      // By turns, so that over the kinds each command has read each place.
      const commands = isRight ? COMMANDS : REFUSING;
      const turn = (nth + CANARIES.indexOf(canary)) % commands.length;
      const printed = await shownBy(commands.slice(turn, turn + 1), it.file);
      const lines = [body, config, daemon.errors().slice(logged), printed].join("\n").split("\n");
      const leaked = lines.find((line) => line.includes(canary.mark));
      if (leaked !== undefined) leaks.push(`${PARTS[place]}: ${leaked}`);
    }
    expect(leaks).toEqual([]);
    expect(outcomes).toEqual(new Set([200, 500]));
  },
);

test("a start logs no credential that stands where any text will do, and /config shows none", async () => {
  await using it = await subject();
  const [first] = CANARIES;
  const places = PLACES.filter((place) => ["icon-*", "light"].includes(PARTS[place] ?? ""));
  for (const place of places) {
    await it.write(textWith(it.baseUrl, place, first?.text));
    await using daemon = await startDaemon(it.file);
    const { body } = await daemon.ask("/config");
    expect(body).toContain("<secret>");
    expect(`${body}${daemon.errors()}`).not.toContain(first?.mark);
  }
});

import { isLoopback } from "../base/loopback.ts";
import type { Config } from "../config/config.ts";
import type { LinkState } from "../domain/link-state.ts";
import { targetKey } from "../domain/target.ts";
import { DEMO_ACCOUNT, demoWorld } from "../simulator/demo-world.ts";
import { answerOf, DRILL_STORIES, timesOf } from "../simulator/drill.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { type CommandContext, stopped } from "./command.ts";
import { type Estate, estateOf } from "./estate.ts";
import { UsageError } from "./flag-values.ts";
import { readConfig } from "./read-config.ts";
import { type CastScene, sceneOf } from "./scenes.ts";
import { listenAddressOf } from "./web-options.ts";

const DEFAULT_ADDRESS = "127.0.0.1:13336";
const DEFAULT_INTERVAL_MS = 60_000;

/** `simulate`: the simulated API alone, on loopback, with the estate of a configuration, or else the demo's account. */
export async function simulate(context: CommandContext): Promise<number> {
  const { args, clock, stop, print } = context;
  const { host, port } = addressOf(args.listenAddresses);
  const config = args.configFile === undefined ? undefined : await readConfig(context);
  if (args.configFile !== undefined && config === undefined) return 1;
  const estate = config === undefined ? DEMO_ESTATE : estateOf(config);
  const cast = args.stories.map((text) => sceneOf(text, estate));
  const intervalMs = config?.poll.intervalMs ?? DEFAULT_INTERVAL_MS;
  await using simulator = await startSimulator({
    host,
    port,
    clock,
    ...demoWorld(clock.now().unixMs),
    accounts: estate.accounts,
  });

  const expected = statesOf(estate);
  let begunMs: number | undefined;
  simulator.override({}, (asked) => {
    const nowMs = clock.now().unixMs;
    if (begunMs === undefined && asked.operation === "status") {
      begunMs = nowMs;
      if (cast.length > 0) print(timetable(cast, nowMs, intervalMs));
    }
    const question = { ...asked, sinceMs: begunMs === undefined ? 0 : nowMs - begunMs };
    for (const { scene } of cast) {
      const answer = answerOf(scene, question, intervalMs);
      if (answer !== undefined) return answer;
    }
    // Words in real names are no sentinels.
    const state =
      asked.operation === "status" ? expected.get(`${asked.account}/${asked.interconnect}`) : undefined;
    return state === undefined ? undefined : { body: { state } };
  });

  print(`A simulated Cloudflare API, not the real one, is at ${simulator.baseUrl}\n`);
  print(config === undefined ? DEMO_TEXT : howToUse(simulator.baseUrl, config));
  print(listOf(estate));
  for (const { scene, who } of cast)
    print(`story ${scene.story}: ${DRILL_STORIES[scene.story].what}: ${who}\n`);
  if (cast.length > 0) print("Its time begins when the exporter asks for a status for the first time.\n");
  await stopped(stop);
  return 0;
}

/** The credentials of a configuration are worth something: they are sent in the clear to this machine alone. */
function addressOf(addresses: readonly string[]): { readonly host: string; readonly port: number } {
  const [address = DEFAULT_ADDRESS, ...others] = addresses;
  if (others.length > 0) throw new UsageError("--web.listen-address: simulate serves on one address alone");
  const { host = "127.0.0.1", port } = listenAddressOf(address);
  if (!isLoopback(host.includes(":") ? `[${host}]` : host)) {
    throw new UsageError(
      `--web.listen-address: simulate serves on loopback alone, where the exporter takes an api.base_url without TLS; expected 127.0.0.1:port, [::1]:port or :port, got "${address}"`,
    );
  }
  return { host, port };
}

/** What each interconnect is expected to be, by account id and name; of one in two accounts what only one of them says. */
function statesOf({ circuits }: Estate): ReadonlyMap<string, LinkState> {
  const states = new Map<string, LinkState>();
  for (const { accountId, interconnect, expectedState } of circuits) {
    const place = `${accountId}/${interconnect}`;
    if (expectedState !== undefined && (expectedState !== "Healthy" || !states.has(place)))
      states.set(place, expectedState);
  }
  return states;
}

/** The demo's account, whose interconnects do what their names say. */
const DEMO_ESTATE: Estate = {
  accounts: [DEMO_ACCOUNT],
  circuits: DEMO_ACCOUNT.interconnects.map((interconnect) => ({
    key: targetKey("simulated", interconnect),
    account: "simulated",
    accountId: DEMO_ACCOUNT.accountId,
    interconnect,
    expectedState: undefined,
    group: undefined,
  })),
  madeUp: new Set(),
};
const DEMO_TEXT = `  account_id: ${DEMO_ACCOUNT.accountId}
  api_token:  ${DEMO_ACCOUNT.credentials[0]}
`;

function howToUse(baseUrl: string, { api }: Config): string {
  const direct =
    api.proxyUrl === undefined ? "" : `    proxy_url: ""   # a proxy cannot reach this machine's loopback\n`;
  return `It takes the credentials of the configuration. Run the exporter with that file and only this changed:
  api:
    base_url: ${baseUrl}
${direct}`;
}

/** Account by account what the exporter will poll. */
function listOf({ circuits, madeUp }: Estate): string {
  const accounts = Map.groupBy(circuits, ({ account }) => account);
  const parts = [...accounts].map(([account, own]) => {
    const note = madeUp.has(account) ? "   # names made up: only its discovery knows the real ones" : "";
    const names = own.map(({ interconnect, expectedState = "Healthy", group }) => {
      const facts = [
        expectedState === "Healthy" ? [] : `expected ${expectedState}`,
        group === undefined ? [] : `group ${group}`,
      ].flat();
      return `    - ${interconnect}${facts.length === 0 ? "" : `   # ${facts.join(", ")}`}\n`;
    });
    return `  ${account}:${note}\n${names.join("")}`;
  });
  return `interconnects:\n${parts.join("")}`;
}

/** What happens when, in UTC, once the exporter has asked. */
function timetable(cast: readonly CastScene[], nowMs: number, intervalMs: number): string {
  const at = (ms: number): string => new Date(nowMs + ms).toISOString().slice(11, 19);
  const lines = cast.map(({ scene, who }) => {
    const { fromMs, toMs } = timesOf(scene.story, intervalMs);
    return `  ${at(fromMs)} to ${at(toMs)} UTC: ${DRILL_STORIES[scene.story].what}: ${who}\n`;
  });
  return `${at(0)} UTC: the exporter asks, and the story begins\n${lines.join("")}`;
}

import { parseConfig } from "../config/load.ts";
import { connector } from "../daemon/connect.ts";
import { startDaemon } from "../daemon/start.ts";
import { formatProblem } from "../document/problems.ts";
import { DEMO_ACCOUNT, DEMO_GROUPS, demoWorld } from "../simulator/demo-world.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { type CommandContext, stopped } from "./command.ts";
import { createLogger } from "./logger.ts";
import { readRunbooks } from "./read-runbooks.ts";
import { webOptionsOf } from "./web-options.ts";

const DEFAULT_ADDRESS = "127.0.0.1:13335";

/** `demo`: simulator and daemon in one process; needs neither configuration nor network. */
export async function demo(context: CommandContext): Promise<number> {
  const { args, env, build, clock, random, stop, print, printError } = context;
  const web = webOptionsOf(args, DEFAULT_ADDRESS);
  await using simulator = await startSimulator({
    clock,
    ...demoWorld(clock.now().unixMs),
    accounts: [DEMO_ACCOUNT],
  });
  const read = await parseConfig(demoConfig(simulator.baseUrl), { file: "demo", env });
  if (!read.ok) {
    printError(read.problems.map((problem) => `${formatProblem("demo", problem)}\n`).join(""));
    return 1;
  }
  const { processMetrics } = args;
  const { logOutput } = context;
  const log = createLogger(args, logOutput);
  await using daemon = await startDaemon({
    config: read.config,
    web,
    processMetrics,
    connect: connector(build.version, clock, context.env),
    build,
    clock,
    random,
    log,
    droppedLogLines: logOutput.dropped,
    runbooks: readRunbooks(context.runbooksFolder),
  });
  const host = web.addresses[0]?.host;
  const name = host === undefined || host === "127.0.0.1" ? "localhost" : host;
  const root = `${daemon.scheme}://${name.includes(":") ? `[${name}]` : name}:${daemon.port}${web.site.routePrefix}`;
  print(`This is a demo: all interconnects, states and reasons are simulated, nothing is asked of Cloudflare.

  Metrics:       ${root}${web.telemetryPath}
  Page:          ${root}/
  Simulated API: ${simulator.baseUrl}

States change every few seconds. Stop with Ctrl-C.
`);
  await stopped(stop);
  return 0;
}

/** JSON is YAML: the same reader and the same defaults as for everybody's configuration. */
function demoConfig(baseUrl: string): string {
  const interconnects = DEMO_ACCOUNT.interconnects.map((name, index) => ({
    name,
    labels: { circuit_id: `XC-${20_400 + index}`, provider: "Example Carrier" },
  }));
  const account = {
    // First polls are spread by the hash of account and interconnect: under this name a Healthy one is among the first.
    name: "simulated",
    account_id: DEMO_ACCOUNT.accountId,
    api_token: DEMO_ACCOUNT.credentials[0],
    interconnects,
    // Its list tells of site, facility, speed and device.
    discovery: { enabled: true },
  };
  return JSON.stringify({
    poll: { interval: "2s", timeout: "2s", stale_after: "30s" },
    // Cloudflare is not asked, so there is no limit of its to stay under.
    api: { base_url: baseUrl, budget: 10_000 },
    accounts: [account],
    groups: DEMO_GROUPS.map(({ name, members, minHealthy }) => ({
      name,
      members: members.map((member) => `${account.name}/${member}`),
      min_healthy: minHealthy,
    })),
  });
}

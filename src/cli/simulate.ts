import { startSimulator } from "../simulator/simulator.ts";
import { DEMO_ACCOUNT, demoWorld } from "../simulator/demo-world.ts";
import { type CommandContext, stopped } from "./command.ts";
import { UsageError } from "./flags.ts";
import { listenAddressOf } from "./web-options.ts";

const DEFAULT_ADDRESS = "127.0.0.1:13336";

/** `simulate`: the simulated API alone, on loopback, with the demo's account. */
export async function simulate({ args, clock, stop, print }: CommandContext): Promise<number> {
  const [address = DEFAULT_ADDRESS, ...others] = args.listenAddresses;
  if (others.length > 0) throw new UsageError("--web.listen-address: simulate serves on one address alone");
  const { host, port } = listenAddressOf(address);
  await using simulator = await startSimulator({
    host: host ?? "127.0.0.1",
    port,
    clock,
    ...demoWorld(clock.now().unixMs),
    accounts: [DEMO_ACCOUNT],
  });
  print(`A simulated Cloudflare API, not the real one, is at ${simulator.baseUrl}
  account_id: ${DEMO_ACCOUNT.accountId}
  api_token:  ${DEMO_ACCOUNT.credentials[0]}
  interconnects:
${DEMO_ACCOUNT.interconnects.map((name) => `    - ${name}\n`).join("")}`);
  await stopped(stop);
  return 0;
}

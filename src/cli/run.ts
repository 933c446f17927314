import { connector } from "../daemon/connect.ts";
import { startDaemon } from "../daemon/start.ts";
import type { ListenAddress } from "../http/listen.ts";
import { parseListenAddress } from "../http/listen.ts";
import { stopped } from "./command.ts";
import type { CommandContext } from "./command.ts";
import { FLAGS, UsageError } from "./flags.ts";
import { createLogger } from "./logger.ts";
import { readConfig } from "./read-config.ts";

/** `run`: the daemon, until it is asked to stop. */
export async function run(context: CommandContext): Promise<number> {
  const { args, build, clock, random, stop } = context;
  const listenAddress = listenAddressOf(args.listenAddress ?? FLAGS["web.listen-address"].default);
  const config = await readConfig(context);
  if (config === undefined) return 1;
  const log = createLogger(args.logLevel);
  const { telemetryPath, processMetrics } = args;
  await using daemon = await startDaemon({
    config,
    listenAddress,
    telemetryPath,
    processMetrics,
    connect: connector(build, clock, context.env),
    build,
    clock,
    random,
    log,
  });
  await stopped(stop);
  log.info({ port: daemon.port }, "Stopping");
  return 0;
}

/** Reads `--web.listen-address`. Throws a UsageError. */
export function listenAddressOf(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address === undefined) {
    throw new UsageError(`--web.listen-address: expected host:port, :port or [::1]:port, got "${text}"`);
  }
  return address;
}

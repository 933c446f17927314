import { connector } from "../daemon/connect.ts";
import { startDaemon } from "../daemon/start.ts";
import { stopped } from "./command.ts";
import type { CommandContext } from "./command.ts";
import { FLAGS } from "./flags.ts";
import { createLogger } from "./logger.ts";
import { readConfig } from "./read-config.ts";
import { webOptionsOf } from "./web-options.ts";

/** `run`: the daemon, until it is asked to stop. */
export async function run(context: CommandContext): Promise<number> {
  const { args, build, clock, random, stop } = context;
  const web = webOptionsOf(args, FLAGS["web.listen-address"].default);
  const config = await readConfig(context);
  if (config === undefined) return 1;
  const log = createLogger(args);
  const { processMetrics } = args;
  await using daemon = await startDaemon({
    config,
    web,
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

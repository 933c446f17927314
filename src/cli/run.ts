import { connector } from "../daemon/connect.ts";
import { type Daemon, startDaemon } from "../daemon/start.ts";
import { type CommandContext, stopped } from "./command.ts";
import { FLAGS } from "./flags.ts";
import { createLogger } from "./logger.ts";
import { readConfigSource } from "./read-config.ts";
import { webOptionsOf } from "./web-options.ts";

/** `run`: the daemon, until it is asked to stop. */
export async function run(context: CommandContext): Promise<number> {
  const { args, build, clock, random, stop } = context;
  const web = webOptionsOf(args, FLAGS["web.listen-address"].default);
  // From the start on: the reload waits until there is something to reload.
  const { promise: reloadable, resolve: started } = Promise.withResolvers<Daemon>();
  context.onHangup(() => void reloadable.then((daemon) => daemon.reload("SIGHUP")));
  const read = await readConfigSource(context);
  if (read === undefined) return 1;
  const { logOutput } = context;
  const log = createLogger(args, logOutput);
  const { processMetrics, autoReloadEveryMs, enableLifecycle, storagePath } = args;
  await using daemon = await startDaemon({
    ...read,
    web,
    processMetrics,
    autoReloadEveryMs,
    enableLifecycle,
    storagePath,
    connect: connector(build.version, clock, context.env),
    build,
    clock,
    random,
    log,
    droppedLogLines: logOutput.dropped,
  });
  started(daemon);
  await stopped(stop);
  log.info({ port: daemon.port }, "Stopping");
  return 0;
}

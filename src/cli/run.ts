import { connector } from "../daemon/connect.ts";
import { type Daemon, startDaemon } from "../daemon/start.ts";
import { handedSockets } from "../http/listeners/handed-sockets.ts";
import { type CommandContext, stopped } from "./command.ts";
import { FLAGS } from "./flags.ts";
import { createLogger } from "./logger.ts";
import { readConfigSource } from "./read-config.ts";
import { createServiceManager } from "./service-manager.ts";
import { readRunbooks } from "./read-runbooks.ts";
import { webOptionsOf } from "./web-options.ts";

/** `run`: the daemon, until it is asked to stop. */
export async function run(context: CommandContext): Promise<number> {
  const { args, build, clock, env, pid, random, stop } = context;
  const { listenAddresses, systemdSocket } = args;
  const web = {
    ...webOptionsOf(args, FLAGS["web.listen-address"].default),
    sockets: systemdSocket ? handedSockets(env, pid) : undefined,
  };
  const log = createLogger(args, context.logOutput);
  await using manager = createServiceManager({ env, pid, clock, log });
  // From the start on: the reload waits until there is something to reload.
  const { promise: reloadable, resolve: started } = Promise.withResolvers<Daemon>();
  context.onHangup(() => void reloadable.then(reload));
  const read = await readConfigSource(context);
  if (read === undefined) return 1;
  if (systemdSocket && listenAddresses.length > 0)
    log.warn({ addresses: listenAddresses }, "Not listened on: systemd's sockets take the place");
  const { processMetrics, autoReloadEveryMs, enableLifecycle, replica, storagePath } = args;
  await using daemon = await startDaemon({
    ...read,
    web,
    processMetrics,
    autoReloadEveryMs,
    enableLifecycle,
    replica,
    storagePath,
    connect: connector(build.version, clock, env),
    build,
    clock,
    random,
    log,
    droppedLogLines: context.logOutput.dropped,
    onTurn: manager.turned,
    runbooks: readRunbooks(context.runbooksFolder),
  });
  manager.ready();
  started(daemon);
  await stopped(stop);
  manager.stopping();
  log.info({ port: daemon.port }, "Stopping");
  return 0;

  async function reload(running: Daemon): Promise<void> {
    manager.reloading();
    const { ok } = await running.reload("SIGHUP");
    manager.reloaded(ok);
  }
}

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type ListenOptions } from "node:net";
import { type CommandOptions, type RunningCommand, startCommand } from "./daemon-process.ts";

/** Sockets that listen and are for another process: nobody accepts here once they are closed. */
interface ListeningSockets {
  readonly descriptors: readonly number[];
  /** The port of each; 0 for a Unix-domain socket. */
  readonly ports: readonly number[];
  /** Closes them here; whoever got them has them still. */
  readonly close: () => Promise<void>;
}

/** Makes listening sockets in their order. */
export async function listeningSockets(wanted: readonly ListenOptions[]): Promise<ListeningSockets> {
  const servers = await Promise.all(
    wanted.map(async (options) => {
      const server = createServer().listen(options);
      await once(server, "listening");
      return server;
    }),
  );
  return {
    // Node tells nobody the descriptor of a server.
    descriptors: servers.map((server) => (server as unknown as { _handle: { fd: number } })._handle.fd),
    ports: servers.map((server) => {
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    }),
    async close() {
      for (const server of servers) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A command that got its sockets as systemd hands them over. */
export interface HandedOver extends AsyncDisposable {
  readonly command: RunningCommand;
  /** The process that runs now; undefined between two, and after the last. */
  readonly pid: () => number | undefined;
}

/** Starts a command with listening sockets of these options, which nobody but it has then, and anew when it ends, `starts` times in all. */
export async function startHandedOver(
  args: readonly string[],
  {
    sockets,
    starts = 1,
    ...options
  }: CommandOptions & { readonly sockets: ListeningSockets; readonly starts?: number },
): Promise<HandedOver> {
  const { descriptors } = sockets;
  const handOver = `LISTEN_PID=$$ LISTEN_FDS=${descriptors.length} exec "$@"`;
  const service = `/bin/sh -c '${handOver}' sh "$@"`;
  const under = ["/bin/sh", "-c", Array(starts).fill(service).join("\n"), "sh"];
  await using started = new AsyncDisposableStack();
  const command = started.use(await startCommand(args, { ...options, descriptors, under }));
  const pid = (): number | undefined => {
    if (command.exit() !== undefined) return undefined;
    const children = readFileSync(`/proc/${command.pid}/task/${command.pid}/children`, "utf8").trim();
    return children === "" ? undefined : Number(children);
  };
  // First the shell, which would start the next one.
  started.defer(() => {
    const running = pid();
    command.kill("SIGKILL");
    if (running !== undefined) process.kill(running, "SIGKILL");
  });
  await sockets.close();
  const all = started.move();
  return { command, pid, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

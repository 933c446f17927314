import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

/** A process of this project that is ended when it is disposed of. */
export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has sent so far. */
  readonly messages: readonly unknown[];
}

/** Runs a TypeScript file of this repository, `path` being relative to `bench/`. */
export function run(
  path: string,
  args: readonly string[],
  nodeFlags: readonly string[] = [],
): RunningProcess {
  const file = new URL(path, import.meta.url).pathname;
  const child = spawn(process.execPath, [...nodeFlags, file, ...args], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const messages: unknown[] = [];
  child.on("message", (message) => messages.push(message));
  const exit = once(child, "exit");
  return {
    pid: child.pid ?? 0,
    messages,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await exit;
    },
  };
}

/** A port of loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || address === null) throw new Error("Expected a port");
  return address.port;
}

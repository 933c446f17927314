import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTempFolder } from "./temp-folder.ts";

/** Writes what it is told as one line into the file that NOTIFY_SOCKET names, and its variables beside it. */
const PROGRAM = `#!/bin/sh
export -p >> "$NOTIFY_SOCKET.variables"
[ ! -e "$NOTIFY_SOCKET.refuse" ] || { echo "Refused" >&2; exit 1; }
echo "$*" >> "$NOTIFY_SOCKET"
`;

/** A folder with a `systemd-notify` of the test's own, and what it was told. */
export async function createFakeSystemd() {
  const folder = await createTempFolder({ "systemd-notify": PROGRAM, told: "", "told.variables": "" });
  await chmod(join(folder.path, "systemd-notify"), 0o755);
  const socket = join(folder.path, "told");
  return {
    env: { NOTIFY_SOCKET: socket, PATH: folder.path },
    /** One line for each call, as it was given. */
    async told(): Promise<readonly string[]> {
      return (await readFile(socket, "utf8")).trimEnd().split("\n");
    },
    /** What the program found in its environment, but for what the shell itself sets. */
    async variables(): Promise<readonly string[]> {
      const text = await readFile(`${socket}.variables`, "utf8");
      const names = [...text.matchAll(/^export (\w+)/gm)].map(([, name = ""]) => name);
      return [...new Set(names)].filter((name) => !["OLDPWD", "PWD", "SHLVL", "_"].includes(name)).toSorted();
    },
    /** From now on it fails. */
    async refuse(): Promise<void> {
      await writeFile(`${socket}.refuse`, "");
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** A socket that listens already, made by whoever started this process. */
export interface HandedSocket {
  /** Its descriptor in this process. */
  readonly fd: number;
  /** What the other side calls it; `""` when it says nothing. */
  readonly name: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Descriptors are handed over from here on, one after another. */
const FIRST_FD = 3;
/** Linux gives no process more descriptors than these (`fs.nr_open`). */
const MOST_SOCKETS = 1_048_576;

/** The sockets that systemd hands over to the process `pid`, as in sd_listen_fds(3). Throws an error for people when there are none. */
export function handedSockets(env: Environment, pid: number): readonly HandedSocket[] {
  const { LISTEN_PID: listenPid = "", LISTEN_FDS: listenFds = "", LISTEN_FDNAMES: listenNames = "" } = env;
  const count = /^\d+$/.test(listenFds) ? Number(listenFds) : 0;
  if (count < 1 || count > MOST_SOCKETS) throw noSockets(`LISTEN_FDS, their number, ${told(listenFds)}`);
  // Variables are inherited, descriptors are not: these may be meant for a parent of ours.
  if (listenPid !== String(pid))
    throw noSockets(`LISTEN_PID, the process that they are for, ${told(listenPid)} and this is ${pid}`);
  const names = listenNames.split(":");
  return Array.from({ length: count }, (_, index) => ({ fd: FIRST_FD + index, name: names[index] ?? "" }));
}

function told(value: string): string {
  return value === "" ? "is not set" : `is "${value}"`;
}

function noSockets(what: string): Error {
  return new Error(
    `--web.systemd-socket: expected sockets from systemd, but ${what}; start the socket unit, or leave the flag out`,
  );
}

/** The socket as the log shows it. */
export function formatHandedSocket({ fd, name }: HandedSocket): string {
  return name === "" ? `fd ${fd}` : `fd ${fd} (${name})`;
}

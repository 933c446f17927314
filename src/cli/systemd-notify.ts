import { execFile, type ExecFileException } from "node:child_process";

/** Sends assignments such as `READY=1`. Rejects with a message for people. */
export type Notify = (assignments: readonly string[]) => Promise<void>;

const TIMEOUT_MS = 5000;

/**
 * The program systemd-notify, since Node has no datagrams on Unix-domain sockets. It gets the two variables that it needs and
 * none that is ours alone. Undefined where nobody listens.
 */
export function systemdNotify(env: Readonly<Record<string, string | undefined>>): Notify | undefined {
  const { NOTIFY_SOCKET, PATH } = env;
  if (NOTIFY_SOCKET === undefined || NOTIFY_SOCKET === "") return undefined;
  return (assignments) =>
    new Promise((resolve, reject) => {
      const options = { env: { NOTIFY_SOCKET, PATH }, timeout: TIMEOUT_MS };
      execFile("systemd-notify", [...assignments], options, (error, _stdout, stderr) => {
        if (error === null) resolve();
        else reject(new Error(explain(error, stderr.trim()), { cause: error }));
      });
    });
}

function explain({ code, killed, signal, message }: ExecFileException, said: string): string {
  if (code === "ENOENT") return "there is no program systemd-notify in PATH";
  if (killed === true) return `systemd-notify did not end within ${TIMEOUT_MS / 1000} s`;
  if (typeof signal === "string") return `systemd-notify was ended by ${signal}`;
  return said === "" ? message : said;
}

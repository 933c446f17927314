import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as plainRequest, type RequestOptions } from "node:http";
import { request as secureRequest, type RequestOptions as SecureOptions } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createCertificates } from "../helpers/certificates.ts";
import { configFor } from "../helpers/e2e-account.ts";
import { createFakeSystemd } from "../helpers/fake-systemd.ts";
import { type HandedOver, listeningSockets, startHandedOver } from "../helpers/handed-over.ts";
import { until, untilTrue } from "../helpers/until.ts";

/** Nobody answers: no poll gets anywhere. */
const CONFIG = configFor({ baseUrl: "http://127.0.0.1:9/client/v4" }, ["icon-ewr-01"], {});
const RUN = ["run", "--web.systemd-socket"];

/** The status of an answer on a connection of its own, or the code of the error. */
async function ask(options: SecureOptions, isSecure = false): Promise<number | string> {
  const ask = isSecure ? secureRequest : plainRequest;
  const asked = ask({ path: "/-/healthy", agent: false, rejectUnauthorized: false, ...options });
  try {
    const [response] = await once(asked.end(), "response");
    await text(response);
    return response.statusCode;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

/** Asks every 10 ms, however long answers take, until told that it is enough. */
async function askAll(options: RequestOptions, enough: AbortSignal): Promise<readonly (number | string)[]> {
  const asking: Promise<number | string>[] = [];
  while (!enough.aborted) {
    asking.push(ask(options));
    await sleep(10);
  }
  return await Promise.all(asking);
}

/** Waits until it serves for the nth time; the process that does. */
async function serving({ command, pid }: HandedOver, times = 1): Promise<number> {
  const serves = (): boolean => command.stderr().split('"msg":"Polling and serving"').length > times;
  return await until("the daemon to serve", () => (serves() ? pid() : undefined), 30_000);
}

test("nobody is refused while it restarts, and systemd is told how it goes", async () => {
  await using systemd = await createFakeSystemd();
  const sockets = await listeningSockets([{ host: "127.0.0.1", port: 0 }]);
  await using it = await startHandedOver(RUN, {
    sockets,
    starts: 2,
    files: { "config.yaml": CONFIG },
    env: { ...systemd.env, WATCHDOG_USEC: "60000000" },
  });
  const first = await serving(it);
  await untilTrue("the watchdog to be fed", async () => (await systemd.told()).includes("WATCHDOG=1"));
  process.kill(first, "SIGHUP");
  await untilTrue("the reload to be told", async () => (await systemd.told()).length === 4);
  const restarted = new AbortController();
  const asking = askAll({ host: "127.0.0.1", port: sockets.ports[0] }, restarted.signal);
  process.kill(first, "SIGTERM");
  const second = await serving(it, 2);
  restarted.abort();
  const answers = await asking;
  expect(answers.length).toBeGreaterThan(20);
  expect(answers.filter((answer) => answer !== 200)).toEqual([]);
  process.kill(second, "SIGTERM");
  expect(await it.command.ended).toEqual({ code: 0, signal: null });
  const words = (await systemd.told()).map((line) => line.split(" ", 1).join(""));
  expect(words.slice(0, 5).toSorted()).toEqual(
    ["READY=1", "READY=1", "RELOADING=1", "STOPPING=1", "WATCHDOG=1"].toSorted(),
  );
});

test("several sockets of any kind are served alike, over TLS too, and no other program gets them", async () => {
  await using files = await createCertificates();
  await files.selfSigned("server");
  const unix = `\0exporter-${process.pid}`;
  const sockets = await listeningSockets([
    { host: "127.0.0.1", port: 0 },
    { host: "::1", port: 0 },
    { path: unix },
  ]);
  const [ipv4, ipv6] = sockets.ports;
  await using it = await startHandedOver(
    [...RUN, "--web.listen-address=127.0.0.1:13335", "--web.config.file=web.yml"],
    {
      sockets,
      files: {
        "config.yaml": CONFIG,
        "web.yml": {
          tls_server_config: { cert_file: files.pathOf("server.crt"), key_file: files.pathOf("server.key") },
        },
      },
    },
  );
  const pid = await serving(it);
  const log = it.command.stderr();
  expect(log).toContain(`"port":${ipv4},"addresses":["127.0.0.1:${ipv4}","[::1]:${ipv6}","fd 5"]`);
  expect(log).toContain(
    `"addresses":["127.0.0.1:13335"],"msg":"Not listened on: systemd's sockets take the place"`,
  );
  expect(await ask({ host: "127.0.0.1", port: ipv4 }, true)).toBe(200);
  expect(await ask({ host: "::1", port: ipv6 }, true)).toBe(200);
  expect(await ask({ socketPath: unix }, true)).toBe(200);
  for (const fd of [3, 4, 5]) {
    const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8"))?.[1] ?? "";
    // O_CLOEXEC, in octal.
    expect(Number.parseInt(flags, 8) & 0o2_000_000).not.toBe(0);
  }
  process.kill(pid, "SIGTERM");
  expect(await it.command.ended).toEqual({ code: 0, signal: null });
});

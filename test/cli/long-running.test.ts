import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type RunCommand, stopped } from "../../src/cli/command.ts";
import { demo } from "../../src/cli/demo.ts";
import { UsageError } from "../../src/cli/flags.ts";
import { healthcheck } from "../../src/cli/healthcheck.ts";
import { run } from "../../src/cli/run.ts";
import { simulate } from "../../src/cli/simulate.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { freePort } from "../helpers/free-port.ts";
import { testAccount } from "../helpers/generation-subject.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { until, untilTrue } from "../helpers/until.ts";
import { contextOf, runWith } from "./context.ts";

const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";

/** A command that runs until it is told to stop. */
function start(command: RunCommand, args: readonly string[]) {
  const stop = new AbortController();
  const { context, printed, errors } = contextOf({ args, stop: stop.signal });
  const ended = command(context);
  return {
    printed,
    errors,
    async stop(): Promise<number> {
      stop.abort();
      return await ended;
    },
  };
}

/** An HTTP server in place of the daemon's. */
async function startServer(
  status: number,
  text: string,
): Promise<{ readonly server: Server; readonly port: number }> {
  const port = await freePort();
  const server = createServer((_request, response) => response.writeHead(status).end(text));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { server, port };
}

test("stopped() resolves when the signal aborts, and at once when it already has", async () => {
  const stop = new AbortController();
  let resolved = false;
  const waiting = stopped(stop.signal).then(() => (resolved = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(resolved).toBe(false);
  stop.abort();
  expect(await waiting).toBe(true);
  await expect(stopped(stop.signal)).resolves.toBeUndefined();
});

test("run() serves until it is asked to stop, and ends with 0", async () => {
  const account = testAccount("production", 1, "cfut_token");
  await using api = await startSimulator({
    accounts: [{ accountId: ACCOUNT_ID, credentials: ["cfut_token"], interconnects: account.interconnects }],
  });
  const config = { poll: { interval: "1s" }, api: { base_url: api.baseUrl }, accounts: [account] };
  await using folder = await createTempFolder({ "c.yaml": JSON.stringify(config) });
  const port = await freePort();
  const file = join(folder.path, "c.yaml");
  const it = start(run, [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`]);
  await untilTrue("it to be ready", async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok);
  expect(await it.stop()).toBe(0);
  await expect(fetch(`http://127.0.0.1:${port}/-/ready`)).rejects.toThrow("fetch failed");
});

test("run() ends with 1 for a configuration that cannot be used, and refuses a wrong address", async () => {
  await using folder = await createTempFolder({ "c.yaml": "{}" });
  const file = `--config.file=${join(folder.path, "c.yaml")}`;
  expect((await runWith(run, { args: [file] })).code).toBe(1);
  const wrong = runWith(run, { args: [file, "--web.listen-address=here"] });
  await expect(wrong).rejects.toThrow(UsageError);
});

test.each([
  ["simulate", simulate, /at (?<url>http:\S+)/, "/user/tokens/verify", 401],
  ["demo", demo, /Metrics: +(?<url>http:\S+)/, "", 200],
] as const)(
  "%s() prints where it is, serves there, and ends with 0",
  async (_name, command, where, path, status) => {
    const it = start(command, ["--web.listen-address=127.0.0.1:0"]);
    const url = await until("the address", () => where.exec(it.printed())?.groups?.["url"]);
    expect((await fetch(`${url}${path}`, { headers: { authorization: "Bearer x" } })).status).toBe(status);
    expect(await it.stop()).toBe(0);
  },
);

describe("healthcheck()", () => {
  test("ends with 0 when the daemon says that it is healthy, on whichever address it listens", async () => {
    const { server, port } = await startServer(200, "Healthy\n");
    for (const host of ["127.0.0.1", "", "0.0.0.0", "localhost"]) {
      const ran = await runWith(healthcheck, { args: [`--web.listen-address=${host}:${port}`] });
      expect(ran).toEqual({ code: 0, printed: "Healthy\n", errors: "" });
    }
    server.close();
  });

  test("ends with 1 and what came when it says otherwise, redirects, or does not answer", async () => {
    const { server, port } = await startServer(503, "wedged\n");
    const args = [`--web.listen-address=127.0.0.1:${port}`];
    expect(await runWith(healthcheck, { args })).toEqual({
      code: 1,
      printed: "",
      errors: `http://127.0.0.1:${port}/-/healthy answered 503: wedged\n`,
    });
    server.close();
    const nobody = await runWith(healthcheck, { args: [`--web.listen-address=[::1]:${await freePort()}`] });
    expect(nobody.code).toBe(1);
    expect(nobody.errors).toMatch(/^http:\/\/\[::1\]:\d+\/-\/healthy does not answer: /);
  });
});

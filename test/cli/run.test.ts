import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../../src/cli/flag-values.ts";
import { run } from "../../src/cli/run.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { runWith, startCommand } from "../helpers/command-context.ts";
import { freePort } from "../helpers/free-port.ts";
import { testAccount } from "../helpers/generation-subject.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { untilTrue } from "../helpers/until.ts";

const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";

test("run() serves until it is asked to stop, and ends with 0", async () => {
  const account = testAccount("production", 1, "cfut_token");
  await using api = await startSimulator({
    accounts: [{ accountId: ACCOUNT_ID, credentials: ["cfut_token"], interconnects: account.interconnects }],
  });
  const config = { poll: { interval: "1s" }, api: { base_url: api.baseUrl }, accounts: [account] };
  await using folder = await createTempFolder({ "c.yaml": JSON.stringify(config) });
  const port = await freePort();
  const file = join(folder.path, "c.yaml");
  const it = startCommand(run, [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`]);
  await untilTrue("it to be ready", async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok);
  expect(await it.stop()).toBe(0);
  await expect(fetch(`http://127.0.0.1:${port}/-/ready`)).rejects.toThrow("fetch failed");
});

test("run() refuses sockets that are handed over to another process", async () => {
  const env = { LISTEN_FDS: "1", LISTEN_PID: "1" };
  await expect(runWith(run, { args: ["--web.systemd-socket"], env })).rejects.toThrow(
    'LISTEN_PID, the process that they are for, is "1" and this is 4711',
  );
});

test("run() ends with 1 for a configuration that cannot be used, and refuses a wrong address", async () => {
  await using folder = await createTempFolder({ "c.yaml": "{}" });
  const file = `--config.file=${join(folder.path, "c.yaml")}`;
  expect((await runWith(run, { args: [file] })).code).toBe(1);
  const wrong = runWith(run, { args: [file, "--web.listen-address=here"] });
  await expect(wrong).rejects.toThrow(UsageError);
});

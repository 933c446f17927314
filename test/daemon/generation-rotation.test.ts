import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { testAccount, testConfig } from "../helpers/generation-subject.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { until } from "../helpers/until.ts";
import { startRealSubject } from "../helpers/real-subject.ts";

const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
/** Polls 250 ms apart: the answer to one is there before the next is sent, so that no two are refused. */
const INTERCONNECTS = 4;

test("a token file that is replaced twice, the old token refused at once, fails at most one poll each time", async () => {
  await using folder = await createTempFolder({ token: "cfut_token-number-0\n" });
  const path = join(folder.path, "token");
  const { api_token: _none, ...listed } = testAccount("production", INTERCONNECTS);
  const account = (token: string) => ({
    accountId: ACCOUNT_ID,
    credentials: [token],
    interconnects: listed.interconnects,
  });
  await using api = await startSimulator({ accounts: [account("cfut_token-number-0")] });
  const config = await testConfig({
    poll: { interval: "1s" },
    api: { base_url: api.baseUrl, budget: 100_000 },
    accounts: [{ ...listed, api_token_file: path }],
  });
  await using it = startRealSubject(config);
  const entries = () => it.store.read().state.entries.all;
  const failed = () => entries().reduce((sum, { failures }) => sum + (failures.unauthorized ?? 0), 0);
  const rounds = async (count: number): Promise<void> => {
    const from = entries().map(({ polls }) => polls);
    await until("each to be polled", () =>
      entries().every(({ polls }, index) => polls >= (from[index] ?? 0) + count) ? true : undefined,
    );
  };
  await rounds(1);
  expect(failed()).toBe(0);
  for (const token of ["cfut_token-number-1", "cfut_token-number-2"]) {
    const before = failed();
    await writeFile(`${path}.new`, `${token}\n`);
    await rename(`${path}.new`, path);
    api.setAccount(account(token));
    await rounds(2);
    expect(failed() - before).toBeLessThanOrEqual(1);
    expect(entries().map(({ failure }) => failure)).toEqual(entries().map(() => undefined));
  }
  const changes = it.log.lines.filter(({ message }) => message.startsWith("Credential file has changed"));
  expect(changes).toHaveLength(2);
  expect(JSON.stringify(it.log.lines)).not.toContain("cfut_");
}, 30_000);

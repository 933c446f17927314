import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seededRandom } from "../../src/base/random.ts";
import { startDaemon } from "../../src/daemon/start.ts";
import type { Replica } from "../../src/domain/replica.ts";
import { createFakeApi } from "../helpers/fake-api.ts";
import { FakeClock } from "../helpers/fake-clock.ts";
import { testAccount, testConfig } from "../helpers/generation-subject.ts";
import { BUILD } from "../helpers/real-subject.ts";
import { scrape } from "../helpers/scrape.ts";
import { createSinkLog } from "../helpers/sink-log.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { webOptions } from "../helpers/web-options.ts";

/** What a daemon told of its part: on `/metrics`, in the file that the next one reads, in the log. */
async function toldBy(replica: Replica | undefined) {
  await using folder = await createTempFolder();
  const clock = new FakeClock();
  const log = createSinkLog();
  await using daemon = await startDaemon({
    config: await testConfig({ accounts: [testAccount("production", 3)] }),
    web: webOptions(),
    processMetrics: false,
    replica,
    storagePath: folder.path,
    connect: createFakeApi(clock).connect,
    build: BUILD,
    clock,
    random: seededRandom(1),
    log,
  });
  const { value, rows } = await scrape(`http://127.0.0.1:${daemon.port}`);
  const [header = ""] = readFileSync(join(folder.path, "state.json"), "utf8").split("\n");
  return {
    budget: value("exporter_api_budget_requests", {}),
    info: rows("exporter_replica_info").map(({ labels }) => labels),
    pace: JSON.parse(header).budget,
    logged: log.lines.find(({ message }) => message === "Polling and serving")?.fields["replica"],
  };
}

test("startDaemon() as one of two takes half the budget, after a crash too, and says which one it is", async () => {
  expect(await toldBy({ index: 2, count: 2 })).toEqual({
    budget: 300,
    info: [{ replica: "2", replicas: "2" }],
    pace: 300,
    logged: "2/2",
  });
});

test("startDaemon() as the only one takes all of it, and has no row of replicas", async () => {
  expect(await toldBy(undefined)).toEqual({ budget: 600, info: [], pace: 600, logged: undefined });
});

import type { Clock } from "../../src/base/clock.ts";
import { seededRandom } from "../../src/base/random.ts";
import { parseConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/config.ts";
import type { Connect } from "../../src/daemon/connect.ts";
import { type Generation, startGeneration } from "../../src/daemon/generation.ts";
import { type AccountRecords, newAccountRecords } from "../../src/daemon/account-records.ts";
import { ALONE, type Replica } from "../../src/domain/replica.ts";
import { createTelemetry, type Telemetry } from "../../src/metrics/telemetry.ts";
import { createStore, type Store } from "../../src/poll/store.ts";
import { createFakeApi, type FakeApi } from "./fake-api.ts";
import { FakeClock } from "./fake-clock.ts";
import { createSinkLog, type SinkLog } from "./sink-log.ts";

/** The configuration of a test; JSON is YAML. Fails the test when it is wrong. */
export async function testConfig(settings: Readonly<Record<string, unknown>>): Promise<Config> {
  const read = await parseConfig(JSON.stringify(settings), { file: "test.yaml", env: {} });
  if (!read.ok) throw new Error(read.problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return read.config;
}

/** An account with so many interconnects, `icon-000` and on. */
export function testAccount(name: string, interconnects: number, token = `${name}-token`) {
  return {
    name,
    account_id: "023e105f4ecef8ad9ca31a8372d0c353",
    api_token: token,
    interconnects: Array.from(
      { length: interconnects },
      (_, index) => `icon-${String(index).padStart(3, "0")}`,
    ),
  };
}

export interface GenerationSubject extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly api: FakeApi;
  readonly store: Store;
  readonly records: AccountRecords;
  readonly log: SinkLog;
  readonly telemetry: Telemetry;
  readonly generation: () => Generation;
  /** Ends the running generation and starts one of this configuration over the same store and records. */
  readonly restart: (config: Config) => Promise<void>;
  /** Starts a further generation over the same store and records, which is the caller's to end. */
  readonly startWith: (config: Config, connect: Connect) => Generation;
}

interface OneOfSeveral {
  readonly replica: Replica;
  /** The test's clock as this machine reads it. */
  readonly ownClock: Clock;
}

/** All that polls, against a fake API on a fake clock. */
export function startSubject(
  config: Config,
  prepare: (api: FakeApi) => void = () => undefined,
  clock = new FakeClock(),
  { replica = ALONE, ownClock = clock }: Partial<OneOfSeveral> = {},
): GenerationSubject {
  const api = createFakeApi(clock);
  prepare(api);
  const store = createStore(ownClock, () => undefined);
  const records = newAccountRecords();
  const log = createSinkLog();
  const telemetry = createTelemetry({
    build: { version: "0", revision: "", nodeVersion: "v24" },
    clock: ownClock,
    isReady: () => true,
    readAccounts: () => generation.readAccounts(),
    processMetrics: false,
  });
  const start = (current: Config, connect = api.connect): Generation =>
    startGeneration({
      config: current,
      replica,
      store,
      records,
      telemetry,
      onTick: () => undefined,
      connect,
      clock: ownClock,
      random: seededRandom(1),
      log,
    });
  let generation = start(config);
  return {
    clock,
    api,
    store,
    records,
    log,
    telemetry,
    generation: () => generation,
    startWith: start,
    async restart(current) {
      await generation[Symbol.asyncDispose]();
      generation = start(current);
    },
    [Symbol.asyncDispose]: () => generation[Symbol.asyncDispose](),
  };
}

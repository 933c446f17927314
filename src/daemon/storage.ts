import { hostname } from "node:os";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Random } from "../base/random.ts";
import type { Store } from "../poll/store.ts";
import { openStateFile } from "../storage/state-file.ts";
import { openStorageFolder, unusableFolder } from "../storage/storage-folder.ts";
import type { AccountRecords } from "./account-records.ts";
import { recallState, startKeeping, type StateKeeper } from "./keep-state.ts";

interface StorageOptions {
  readonly store: Store;
  readonly records: AccountRecords;
  /** Requests per credential in 5 minutes, of the configuration in effect. */
  readonly budget: () => number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Brings back what the folder holds and keeps it from now on. Rejects with a message for people when it cannot be used. */
export async function startStorage(folder: string, options: StorageOptions): Promise<StateKeeper> {
  const { random, log } = options;
  const token = Math.floor(random() * 2 ** 48).toString(36);
  await using started = new AsyncDisposableStack();
  const { notHeld } = started.use(await openStorageFolder(folder, token));
  const stateFile = openStateFile(folder, token);
  await stateFile.removeLeftovers();
  const keeping = { ...options, stateFile, writerId: `${hostname()}/${token}` };
  await recallState(keeping);
  const keeper = started.use(
    await startKeeping(keeping).catch((error: unknown) => {
      throw unusableFolder(folder, error);
    }),
  );
  if (notHeld !== undefined)
    log.warn({ folder, error: notHeld }, "Other processes cannot be kept out of the storage folder");
  const running = started.move();
  return { ...keeper, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

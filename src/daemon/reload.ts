import { isShortage } from "../base/file-error.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Config } from "../config/config.ts";
import { formatProblem } from "../document/problems.ts";
import { repeat } from "../poll/repeat.ts";
import { type ConfigSource, cutOff, fingerprints } from "./config-source.ts";

/** Who asked for a reload. */
export type ReloadTrigger = "SIGHUP" | "http" | "file";

export type ReloadResult =
  | {
      readonly ok: true;
      readonly changed: boolean;
      /** Why what was read may not be what was written. */
      readonly notes?: readonly string[];
    }
  | {
      readonly ok: false;
      readonly problems: readonly string[];
      /** Whether all that is wrong is a shortage of this machine; it is read again by itself. */
      readonly isShort?: boolean;
    };

/** Reads the configuration again whenever asked, one reload at a time. */
export interface Reloader extends AsyncDisposable {
  /** Resolves when a reload that began after the call has ended; those that wait share the next one. */
  readonly reload: (trigger: ReloadTrigger) => Promise<ReloadResult>;
}

export interface ReloaderOptions {
  /** Undefined when the process runs without a file. */
  readonly source: ConfigSource | undefined;
  /** How often the files are looked at; undefined when they are not. */
  readonly watchEveryMs: number | undefined;
  /** Makes a valid configuration the one in effect. Rejects when that fails, with the old one still in effect. */
  readonly apply: (config: Config) => Promise<void>;
  readonly onRead: (successful: boolean) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** What could not be read for a shortage is read again so long after. */
const AGAIN_AFTER_MS = 5000;
const SHORT =
  "Not reloaded: this machine is short of something, which says nothing about the configuration; the one before stays in effect, and it is read again every 5 seconds";

/** Watches the files when told to. Disposing waits for the reload under way and refuses those that come after. */
export function createReloader(options: ReloaderOptions): Reloader {
  const { source, watchEveryMs = 0, apply, onRead, clock, log } = options;
  const stop = new AbortController();
  let hash = source?.hash;
  let files = source?.files ?? [];
  let secretFiles = source?.secretFiles ?? [];
  let seen: ReadonlyMap<string, string> = new Map();
  let acted: ReadonlyMap<string, string> = new Map();
  let noted = "";
  let reported = "";
  let isShort = false;
  let again: Promise<unknown> | undefined;
  let running: Promise<ReloadResult> | undefined;
  let waiting: Promise<ReloadResult> | undefined;
  const watching =
    watchEveryMs > 0 && source !== undefined
      ? repeat(look, clock.now().monoMs + watchEveryMs, {
          clock,
          log,
          signal: stop.signal,
          afterBugMs: watchEveryMs,
        })
      : undefined;

  function reload(trigger: ReloadTrigger): Promise<ReloadResult> {
    if (running === undefined) return start(trigger);
    waiting ??= running.then(() => {
      waiting = undefined;
      return start(trigger);
    });
    return waiting;
  }

  function start(trigger: ReloadTrigger): Promise<ReloadResult> {
    running = reloadOnce(trigger).finally(() => {
      running = undefined;
    });
    return running;
  }

  async function reloadOnce(trigger: ReloadTrigger): Promise<ReloadResult> {
    if (stop.signal.aborted) return { ok: false, problems: ["Not reloaded: shutting down"] };
    if (source === undefined) {
      log.warn({ trigger }, "Not reloaded: there is no config file, the configuration is the environment's");
      return { ok: false, problems: ["There is no config file to reload: started without one"] };
    }
    const result = await load(source).catch((error: unknown): ReloadResult => {
      log.error({ err: error }, "Bug in a reload");
      return { ok: false, problems: [`${source.file}: ${String(error)}`] };
    });
    if (!result.ok && result.isShort === true) {
      reportShortage(trigger, result.problems);
      again ??= readAgain(trigger);
    } else {
      isShort = false;
      onRead(result.ok);
      report(trigger, result);
    }
    const notes = await cutOff(new Set([source.file, ...files, ...secretFiles]));
    note(notes);
    if (notes.length === 0) return result;
    return result.ok ? { ...result, notes } : { ok: false, problems: [...result.problems, ...notes] };
  }

  function reportShortage(trigger: ReloadTrigger, [problem]: readonly string[]): void {
    const level = isShort ? "debug" : "warn";
    isShort = true;
    log[level]({ trigger, problem }, "Configuration cannot be read now, the one before stays in effect");
  }

  async function readAgain(trigger: ReloadTrigger): Promise<void> {
    await clock.sleep(AGAIN_AFTER_MS, stop.signal).catch(() => undefined);
    again = undefined;
    if (!stop.signal.aborted && isShort) await reload(trigger);
  }

  function note(notes: readonly string[]): void {
    if (notes.join("\n") === noted) return;
    noted = notes.join("\n");
    for (const problem of notes) log.warn({ problem }, "Warning about the configuration");
  }

  /** Only what is new: a watched file that stays wrong, or was only touched, is no news. */
  function report(trigger: ReloadTrigger, result: ReloadResult): void {
    const problems = result.ok ? "" : result.problems.join("\n");
    const news = trigger !== "file" || problems !== reported || (result.ok && result.changed);
    reported = problems;
    if (result.ok) {
      const outcome = result.changed ? "changed" : "unchanged";
      log[news ? "info" : "debug"]({ trigger, result: outcome }, "Configuration reloaded");
      return;
    }
    const level = news ? "error" : "debug";
    for (const problem of result.problems) log[level]({ trigger, problem }, "Problem in the configuration");
    log[level]({ trigger, result: "failed" }, "Configuration not reloaded, the one before stays in effect");
  }

  async function load({ file, load: read }: ConfigSource): Promise<ReloadResult> {
    const loaded = await read();
    files = loaded.files;
    if (loaded.ok) ({ secretFiles } = loaded);
    if (loaded.ok && loaded.hash === hash) return { ok: true, changed: false };
    for (const warning of loaded.warnings)
      log.warn({ problem: formatProblem(file, warning) }, "Warning about the configuration");
    if (!loaded.ok) {
      const problems = loaded.problems.map((problem) => formatProblem(file, problem));
      return loaded.reason === "short" ? short(problems) : { ok: false, problems };
    }
    try {
      await apply(loaded.config);
    } catch (error) {
      const problems = [`${file}: ${error instanceof Error ? error.message : String(error)}`];
      return isShortage(error) ? short(problems) : { ok: false, problems };
    }
    hash = loaded.hash;
    return { ok: true, changed: true };
  }

  /**
   * A file that is new here, as all are at first, counts as changed: it may have been since it was read. Whoever writes
   * it may not be done, and half of it may be valid: what counts is what two looks in a row have seen.
   */
  async function look(): Promise<number> {
    const all = [source?.file ?? "", ...files];
    const now = await fingerprints(all, seen);
    if (!changed(seen, now) && changed(acted, now)) {
      acted = now;
      await reload("file");
    } else note(await cutOff(new Set([...all, ...secretFiles])));
    seen = now;
    return clock.now().monoMs + watchEveryMs;
  }

  return {
    reload,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
      await again;
      await waiting;
      await running;
    },
  };
}

function short(problems: readonly string[]): ReloadResult {
  return { ok: false, problems: [...problems, SHORT], isShort: true };
}

function changed(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): boolean {
  return [...now].some(([file, hash]) => before.get(file) !== hash);
}

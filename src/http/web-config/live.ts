import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { formatProblem, type Problem } from "../../document/problems.ts";
import { digestNow } from "./file-reader.ts";
import { type LoadedWebConfig, loadWebConfig } from "./load.ts";
import { OPEN, type WebSettings } from "./settings.ts";

/** The settings in effect. While the file is broken they are the last good ones, and no request may be served by them. */
interface WebState {
  readonly settings: WebSettings;
  readonly isBroken: boolean;
}

export interface LiveWebConfig {
  /** What was in effect at the last look. */
  readonly last: () => WebState;
  /** Looks whether the files have changed, at most once a second, and waits for what comes of it. */
  readonly current: () => Promise<WebState>;
}

/** Without a file nothing ever changes. */
export const OPEN_WEB_CONFIG: LiveWebConfig = fixed({ settings: OPEN, isBroken: false });

function fixed(state: WebState): LiveWebConfig {
  return { last: () => state, current: () => Promise.resolve(state) };
}

/** The web config cannot be used; one message with all problems. */
export class WebConfigError extends Error {
  override readonly name = "WebConfigError";
}

const LOOK_EVERY_MS = 1000;

interface LiveOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reads the web config and follows its changes from then on. Rejects with a WebConfigError when it is wrong now. */
export async function openWebConfig({ path, clock, log }: LiveOptions): Promise<LiveWebConfig> {
  let loaded = await loadWebConfig(path);
  if (loaded.result.kind !== "good")
    throw new WebConfigError(describe(path, loaded.result.problems).join("\n"));
  const { settings: start, isEmpty: startsEmpty } = loaded.result;
  let state: WebState = { settings: start, isBroken: false };
  let lookedAtMs = clock.now().monoMs;
  let look = Promise.resolve(state);

  async function lookAgain(): Promise<WebState> {
    const digest = await digestNow(loaded.paths);
    if (digest === undefined || digest === loaded.digest) return state;
    const again = await loadWebConfig(path);
    if (again.isShort) return state;
    loaded = again;
    state = next(loaded);
    return state;
  }

  function next({ result }: LoadedWebConfig): WebState {
    if (result.kind === "bad-file") return refuse(describe(path, result.problems));
    // An editor that empties a file before it writes must not open the door for that moment.
    if (result.kind === "good" && result.isEmpty && !startsEmpty)
      return refuse([`${path}: the file is empty; serving without any of it takes a restart`]);
    if (result.kind === "bad-certificates") {
      log.error(
        { problems: describe(path, result.problems) },
        "The web config's certificates are broken: the last good ones stay in use",
      );
      return { settings: fix({ ...result.settings, tls: state.settings.tls }), isBroken: false };
    }
    log.info({ file: path }, "The web config was read again");
    return { settings: fix(result.settings), isBroken: false };
  }

  function refuse(problems: readonly string[]): WebState {
    log.error({ problems }, "The web config is broken: requests are refused until it is mended");
    return { ...state, isBroken: true };
  }

  /** What listens already stays as it is: the rest of the new settings holds. */
  function fix(settings: WebSettings): WebSettings {
    if ((settings.tls === undefined) !== (start.tls === undefined))
      log.error({ tls: start.tls !== undefined }, "TLS cannot be switched on or off without a restart");
    if (start.tls !== undefined && settings.http2 !== start.http2)
      log.error({ http2: start.http2 }, "HTTP/2 cannot be switched on or off without a restart");
    const tls = start.tls === undefined ? undefined : (settings.tls ?? state.settings.tls);
    return { ...settings, tls, http2: start.http2 };
  }

  return {
    last: () => state,
    current() {
      const nowMs = clock.now().monoMs;
      if (nowMs - lookedAtMs >= LOOK_EVERY_MS) {
        lookedAtMs = nowMs;
        look = look.then(lookAgain);
      }
      return look;
    },
  };
}

function describe(path: string, problems: readonly Problem[]): readonly string[] {
  return problems.map((problem) => formatProblem(path, problem));
}

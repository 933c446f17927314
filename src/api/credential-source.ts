import type { Clock } from "../base/clock.ts";
import { isShortage } from "../base/file-error.ts";
import type { Log } from "../base/log.ts";
import { Secret } from "../base/secret.ts";
import { readSecretFile, type SecretFile } from "../base/secret-file.ts";
import type { Credential, SecretSource } from "../domain/credential.ts";
import { ApiError } from "../domain/failure.ts";
import { authHeaders, type AuthHeaders } from "./credentials.ts";

/** A credential that may change while we run. */
export interface CredentialSource {
  /** The headers to send now. Throws an `unauthorized` ApiError while there is no usable credential. */
  headers(): Promise<AuthHeaders>;
  /** The API refused it: a file is read again before the next request. */
  doubt(): void;
}

interface Deps {
  readonly clock: Clock;
  readonly log: Log;
}

/** So long is a file believed that was good, unless the API refuses what it held. A bad one is looked at each time, so that one caught in mid-write fails one poll. */
const TRUST_MS = 1000;
const READABLE_BY_ALL = 0o004;

/** The source of a credential; one in a file is read again while polls ask for it, at most once a second. */
export function createCredentialSource(credential: Credential, deps: Deps): CredentialSource {
  const [source, email, what] =
    credential.scheme === "token"
      ? [credential.token, undefined, "API token"]
      : [credential.key, credential.email, "API key"];
  const { read, doubt } =
    source.from === "inline"
      ? { read: async () => source.value, doubt: () => undefined }
      : followFile(source, what, deps);
  return {
    doubt,
    async headers() {
      return authHeaders(await read(), email);
    },
  };
}

/**
 * Reads whole and each time, instead of when the file's times have changed: they do not for a second write within one
 * tick of the kernel's clock, and the token would stay the old one for ever.
 */
function followFile(
  { path, value }: SecretSource & { readonly from: "file" },
  what: string,
  { clock, log }: Deps,
): { readonly read: () => Promise<Secret>; readonly doubt: () => void } {
  let current: Secret = value;
  let trustedUntilMs = Number.NEGATIVE_INFINITY;
  let warnedVersion: string | undefined;
  let reading: Promise<Secret> | undefined;
  let isShort = false;

  async function look(): Promise<Secret> {
    const startMs = clock.now().monoMs;
    const file = await readSecretFile(path).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      // Of a machine that is short of something, not of the file, and no refusal by anybody.
      if (isShortage(error)) return stayWith(why);
      throw new ApiError("unauthorized", `Cannot use the ${what} file ${JSON.stringify(path)}: ${why}`, {
        cause: error,
      });
    });
    if (file === undefined) return current;
    isShort = false;
    warnOfReaders(file);
    trustedUntilMs = startMs + TRUST_MS;
    if (current.reveal() === file.text) return current;
    log.info({ path }, "Credential file has changed and was read again");
    current = new Secret(file.text);
    return current;
  }

  function stayWith(error: string): undefined {
    if (!isShort)
      log.warn({ path, error }, "Credential file cannot be read now, what it held last stays in use");
    isShort = true;
  }

  function warnOfReaders({ version, mode }: SecretFile): void {
    if ((mode & READABLE_BY_ALL) === 0 || version === warnedVersion) return;
    warnedVersion = version;
    log.warn({ path, mode: mode.toString(8).padStart(4, "0") }, "Credential file is readable by every user");
  }

  return {
    read() {
      if (clock.now().monoMs < trustedUntilMs) return Promise.resolve(current);
      reading ??= look().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    doubt() {
      trustedUntilMs = Number.NEGATIVE_INFINITY;
    },
  };
}

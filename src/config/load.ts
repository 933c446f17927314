import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { BoundedPattern } from "../base/bounded-pattern.ts";
import { hideSecrets } from "../base/credential-shape.ts";
import { fileErrorText, isShortage } from "../base/file-error.ts";
import { readRegularFile } from "../base/regular-file.ts";
import { Secret } from "../base/secret.ts";
import type { Environment } from "../document/expand.ts";
import type { Problem } from "../document/problems.ts";
import { readDocument } from "../document/read.ts";
import { type Config, credentialKey } from "./config.ts";
import { isHidden, redact } from "./hidden.ts";
import { loadContext } from "./load-context.ts";
import { OTHER_WORDS } from "./other-words.ts";
import { configSchema } from "./schema.ts";

/** Several times what 10,000 interconnects with their labels take; to read more takes minutes of a small machine. */
const MOST_BYTES = 8 * 1024 * 1024;

export type LoadResult =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly warnings: readonly Problem[];
      /** What was written at this path, when it came from the environment: `${NAME}`. */
      readonly writtenAt: (path: string) => string | undefined;
      /** SHA-256 of the text, the certificates and the credentials in hexadecimal: the same content again is no change. */
      readonly hash: string;
      /** The files that it names, besides those that are followed while they are used: another content is a change. */
      readonly files: readonly string[];
      /** The files of credentials, which are followed while they are used. */
      readonly secretFiles: readonly string[];
    }
  | {
      readonly ok: false;
      /**
       * `missing`: there is no such file. `unreadable`: there is one that cannot be read. `short`: a shortage of this machine
       * kept a file from being read, which says nothing about the configuration.
       */
      readonly reason: "missing" | "unreadable" | "short" | "invalid";
      readonly problems: readonly Problem[];
      readonly warnings: readonly Problem[];
      /** The files that it names: another content may help. */
      readonly files: readonly string[];
    };

export interface ParseOptions {
  /** Path of the config file; the files that it names are relative to its folder. */
  readonly file: string;
  /** Values for `${NAME}`; without it nothing is expanded. */
  readonly env?: Environment;
  /** How many processes poll by the same configuration. @default 1 */
  readonly replicas?: number;
}

/** Reads and validates the config file and the files that it names; never throws for what is in them. */
export async function loadConfig(path: string, env: Environment, replicas = 1): Promise<LoadResult> {
  let bytes: Buffer;
  try {
    ({ bytes } = await readRegularFile(path, MOST_BYTES));
  } catch (error) {
    const text = fileErrorText(error);
    const unreadable = isShortage(error) ? "short" : "unreadable";
    return refused(text === "no such file" ? "missing" : unreadable, `cannot read the config: ${text}`);
  }
  if (!isUtf8(bytes)) return refused("unreadable", "expected UTF-8 text");
  return await parseConfig(bytes.toString("utf8"), { file: path, env, replicas });
}

function refused(reason: "missing" | "unreadable" | "short", message: string): LoadResult {
  return { ok: false, reason, problems: [{ path: "", message }], warnings: [], files: [] };
}

/** The config that the text holds, or all its problems at once. */
export async function parseConfig(
  text: string,
  { file, replicas = 1, ...options }: ParseOptions,
): Promise<LoadResult> {
  const context = loadContext(dirname(file), replicas);
  const { certificateFiles, secretFiles, shortFiles, warnings } = context;
  const result = await readDocument(text, configSchema(context), {
    ...options,
    isHidden,
    hide: hideSecrets,
    redact,
    otherWords: OTHER_WORDS,
  });
  const placed = warnings.flatMap(({ path, message }) => result.source.problemsAt(path, message));
  if (!result.ok) {
    const files = [...certificateFiles, ...secretFiles];
    const reason = shortFiles.size > 0 ? "short" : "invalid";
    return { ok: false, reason, problems: result.problems, warnings: placed, files };
  }
  const config = deepFreeze(result.value);
  return {
    ok: true,
    config,
    warnings: placed,
    writtenAt: result.source.writtenAt,
    hash: hashOf(text, config),
    files: [...certificateFiles],
    secretFiles: [...secretFiles],
  };
}

function hashOf(text: string, { api, accounts }: Config): string {
  const credentials = accounts.map(({ credential }) => credentialKey(credential));
  return createHash("sha256")
    .update(JSON.stringify([text, api.ca?.certificates ?? "", credentials]))
    .digest("hex");
}

/** Freezes the value and all within it, and returns it. A Secret and a pattern keep what they hold to themselves. */
function deepFreeze<T>(value: T): T {
  if (
    typeof value !== "object" ||
    value === null ||
    value instanceof BoundedPattern ||
    value instanceof Secret
  )
    return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

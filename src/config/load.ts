import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Environment } from "../document/expand.ts";
import type { Problem } from "../document/problems.ts";
import { readDocument } from "../document/read.ts";
import { type Config, credentialKey } from "./config.ts";
import { fileErrorText } from "../base/file-error.ts";
import { isHidden } from "./hidden.ts";
import { namedFiles } from "./named-files.ts";
import { resolveConfig } from "./resolve.ts";
import { configSchema } from "./schema.ts";

export type LoadResult =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly warnings: readonly Problem[];
      /** SHA-256 of the text, the certificates and the credentials in hexadecimal: the same content again is no change. */
      readonly hash: string;
      /** The files that it names, besides those that are followed while they are used: another content is a change. */
      readonly files: readonly string[];
    }
  | {
      readonly ok: false;
      /** `missing`: there is no such file. `unreadable`: there is one that cannot be read. */
      readonly reason: "missing" | "unreadable" | "invalid";
      readonly problems: readonly Problem[];
      /** The files that it names: another content may help. */
      readonly files: readonly string[];
    };

export interface ParseOptions {
  /** Path of the config file; the files that it names are relative to its folder. */
  readonly file: string;
  /** Values for `${NAME}`; without it nothing is expanded. */
  readonly env?: Environment;
}

/** Reads and validates the config file and the files that it names; never throws for what is in them. */
export async function loadConfig(path: string, env: Environment): Promise<LoadResult> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const text = fileErrorText(error);
    const reason = text === "no such file" ? "missing" : "unreadable";
    return {
      ok: false,
      reason,
      problems: [{ path: "", message: `cannot read the config: ${text}` }],
      files: [],
    };
  }
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) {
    return {
      ok: false,
      reason: "unreadable",
      problems: [{ path: "", message: "expected UTF-8 text" }],
      files: [],
    };
  }
  return await parseConfig(text, { file: path, env });
}

/** The config that the text holds, or all its problems at once. */
export async function parseConfig(text: string, { file, ...options }: ParseOptions): Promise<LoadResult> {
  const named = namedFiles(dirname(file));
  const result = await readDocument(text, configSchema(named), {
    ...options,
    isHidden,
  });
  if (!result.ok) {
    const files = [...named.certificates, ...named.secrets];
    return { ok: false, reason: "invalid", problems: result.problems, files };
  }
  const { config, warnings } = resolveConfig(result.value);
  return {
    ok: true,
    config,
    warnings: warnings.flatMap(({ path, message }) => result.source.problemsAt(path, message)),
    hash: hashOf(text, config),
    files: [...named.certificates],
  };
}

function hashOf(text: string, { api, accounts }: Config): string {
  const credentials = accounts.map(({ credential }) => credentialKey(credential));
  return createHash("sha256")
    .update(JSON.stringify([text, api.ca ?? "", credentials]))
    .digest("hex");
}

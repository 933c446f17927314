import { isUtf8 } from "node:buffer";
import { dirname } from "node:path";
import { Secret } from "../../base/secret.ts";
import type { Problem } from "../../document/problems.ts";
import { hideSecrets } from "../../base/credential-shape.ts";
import { readDocument } from "../../document/read.ts";
import { whyNoBcrypt } from "./bcrypt.ts";
import { createFileReader, type FileReader } from "./file-reader.ts";
import { readTls } from "./read-tls.ts";
import { isHidden, type WebConfigFile, webConfigSchema } from "./schema.ts";
import type { WebSettings } from "./settings.ts";

type WebConfigResult =
  | {
      readonly kind: "good";
      readonly settings: WebSettings;
      /** Nothing in it: right at the start, and what a file looks like while an editor is about to write it. */
      readonly isEmpty: boolean;
    }
  /** The file itself is sound, a certificate or key is not. Who may come in is known all the same. */
  | {
      readonly kind: "bad-certificates";
      readonly settings: Omit<WebSettings, "tls">;
      readonly problems: readonly Problem[];
    }
  | { readonly kind: "bad-file"; readonly problems: readonly Problem[] };

export interface LoadedWebConfig {
  readonly result: WebConfigResult;
  /** The files it was read from, the web config itself first, and the digest of all their contents. */
  readonly paths: readonly string[];
  readonly digest: string;
  /** Whether a shortage of this machine had a part in it: the result then says nothing about the files. */
  readonly isShort: boolean;
}

/**
 * Reads the web config file and the files that it names; never throws for what is in them. Passwords that cannot be checked,
 * as `whyNoPasswords` says where there are some, are a problem of the file.
 */
export async function loadWebConfig(path: string, whyNoPasswords = whyNoBcrypt): Promise<LoadedWebConfig> {
  const reader = createFileReader();
  const result = await load(path, reader, whyNoPasswords);
  return { result, paths: reader.paths(), digest: reader.digest(), isShort: reader.isShort() };
}

async function load(
  path: string,
  reader: FileReader,
  whyNoPasswords: typeof whyNoBcrypt,
): Promise<WebConfigResult> {
  const content = await reader.read(path);
  if (!content.ok) return badFile(`cannot read the web config: ${content.why}`);
  const text = content.bytes.toString("utf8");
  if (!isUtf8(content.bytes)) return badFile("expected UTF-8 text");
  const read = await readDocument(text, webConfigSchema, { isHidden, hide: hideSecrets });
  if (!read.ok) return { kind: "bad-file", problems: read.problems };
  const file: WebConfigFile = read.value;
  const settings = settingsOf(file);
  const why = settings.users.size === 0 ? undefined : await whyNoPasswords();
  const message = `passwords cannot be checked on this machine: ${why}`;
  const unchecked = why === undefined ? [] : read.source.problemsAt(["basic_auth_users"], message);
  const section = file.tls_server_config ?? {};
  const hasTls = Object.keys(section).length > 0;
  const tls = hasTls ? await readTls(section, dirname(path), reader) : undefined;
  const faults = tls === undefined || tls.ok ? [] : tls.faults;
  const broken = faults.flatMap((fault) => read.source.problemsAt(fault.path, fault.message));
  if (unchecked.length > 0) return { kind: "bad-file", problems: [...unchecked, ...broken] };
  if (tls?.ok === false) return { kind: "bad-certificates", settings, problems: broken };
  return {
    kind: "good",
    settings: { ...settings, tls: tls?.tls },
    isEmpty: Object.keys(file).length === 0,
  };
}

function badFile(message: string): WebConfigResult {
  return { kind: "bad-file", problems: [{ path: "", message }] };
}

function settingsOf(file: WebConfigFile): Omit<WebSettings, "tls"> {
  const { http_server_config: http, basic_auth_users: users, rate_limit: limit } = file;
  return {
    http2: http?.http2 ?? true,
    headers: { ...http?.headers },
    users: new Map(Object.entries(users ?? {}).map(([name, hash]) => [name, new Secret(hash)])),
    rateLimit:
      limit === null || limit === undefined || limit.interval === 0
        ? undefined
        : { intervalMs: limit.interval, burst: limit.burst },
  };
}

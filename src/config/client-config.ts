import { isUtf8 } from "node:buffer";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { certificatesIn } from "../base/certificates.ts";
import { fileErrorText } from "../base/file-error.ts";
import { readRegularFile } from "../base/regular-file.ts";
import { Secret } from "../base/secret.ts";
import type { Environment } from "../document/expand.ts";
import type { Path } from "../document/path.ts";
import type { Problem } from "../document/problems.ts";
import { readDocument } from "../document/read.ts";
import { rule } from "../document/rule.ts";

/** How a client of a daemon shows who it is, and whom it trusts. */
export interface ClientConfig {
  /** The header `Authorization`; undefined for none. */
  readonly authorization: Secret | undefined;
  readonly tls: ClientTls;
}

interface ClientTls {
  /** PEM; undefined for the usual CAs. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: Secret;
  readonly serverName?: string;
  /** Whether any certificate will do. */
  readonly insecure: boolean;
}

export const PLAIN_CLIENT: ClientConfig = { authorization: undefined, tls: { insecure: false } };

type ClientConfigResult =
  | { readonly ok: true; readonly client: ClientConfig }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const text = z.string({ error: "expected text" }).min(1, { error: "expected text" });
const fileName = z
  .string({ error: "expected the path of a file" })
  .min(1, { error: "expected the path of a file" });

/** Exactly one of a secret and the file that holds it. */
function oneOf<T>(inline: keyof T & string, file: keyof T & string) {
  return rule<T>([inline, file], (value, report) => {
    if (value[inline] !== undefined && value[file] !== undefined)
      report([file], `expected only one of ${inline} and ${file}`);
    if (value[inline] === undefined && value[file] === undefined) report([], `expected ${inline} or ${file}`);
  });
}

interface BasicAuth {
  readonly username: string;
  readonly password?: string | undefined;
  readonly password_file?: string | undefined;
}

interface Authorization {
  readonly type: string;
  readonly credentials?: string | undefined;
  readonly credentials_file?: string | undefined;
}

/** What Prometheus and promtool read as `http_config`: the part of it that a client of an exporter needs. */
const schema = z
  .strictObject({
    basic_auth: z
      .strictObject({ username: text, password: text.optional(), password_file: fileName.optional() })
      .check(oneOf<BasicAuth>("password", "password_file"))
      .optional(),
    authorization: z
      .strictObject({
        type: text.default("Bearer"),
        credentials: text.optional(),
        credentials_file: fileName.optional(),
      })
      .check(oneOf<Authorization>("credentials", "credentials_file"))
      .optional(),
    tls_config: z
      .strictObject({
        ca_file: fileName.optional(),
        cert_file: fileName.optional(),
        key_file: fileName.optional(),
        server_name: text.optional(),
        insecure_skip_verify: z.boolean({ error: "expected true or false" }).default(false),
      })
      .check(
        rule(["cert_file", "key_file"], ({ cert_file: cert, key_file: key }, report) => {
          if (cert !== undefined && key === undefined) report(["cert_file"], "expected key_file beside it");
          if (cert === undefined && key !== undefined) report(["key_file"], "expected cert_file beside it");
        }),
      )
      .optional(),
  })
  .check(
    rule(["basic_auth", "authorization"], ({ basic_auth: basic, authorization }, report) => {
      if (basic !== undefined && authorization !== undefined)
        report(["authorization"], "expected only one of basic_auth and authorization");
    }),
  );

const SECRETS: ReadonlySet<unknown> = new Set(["password", "credentials"]);

/** Reads a file in the format of Prometheus's `http_config`, and the files that it names, relative to its folder. */
export async function loadClientConfig(path: string, env: Environment): Promise<ClientConfigResult> {
  const bytes = await readRegularFile(path).then(
    (file) => file.bytes,
    (error: unknown) => fileErrorText(error),
  );
  if (typeof bytes === "string") return refused(`cannot read the client's config: ${bytes}`);
  if (!isUtf8(bytes)) return refused("expected UTF-8 text");
  const read = await readDocument(bytes.toString("utf8"), schema, {
    env,
    isHidden: (at: Path) => SECRETS.has(at.at(-1)),
  });
  if (!read.ok) return read;
  const { value, source } = read;
  const { basic_auth: basic, authorization, tls_config: tls } = value;
  const problems: Problem[] = [];

  /** `""` for a file that cannot be read, which is a problem then. */
  async function contentOf(name: string | undefined, at: Path): Promise<string> {
    try {
      return (await readRegularFile(resolve(dirname(path), String(name)))).bytes.toString("utf8");
    } catch (error) {
      problems.push(...source.problemsAt(at, `cannot read ${JSON.stringify(name)}: ${fileErrorText(error)}`));
      return "";
    }
  }

  async function authorizationHeader(): Promise<string | undefined> {
    if (basic !== undefined) {
      const { username, password = await contentOf(basic.password_file, ["basic_auth", "password_file"]) } =
        basic;
      // A file's last line feed is not part of the password.
      return `Basic ${Buffer.from(`${username}:${password.replace(/\r?\n$/, "")}`).toString("base64")}`;
    }
    if (authorization === undefined) return undefined;
    const { type, credentials_file: file } = authorization;
    const { credentials = await contentOf(file, ["authorization", "credentials_file"]) } = authorization;
    return `${type} ${credentials.trim()}`;
  }

  async function ofTls(key: "ca_file" | "cert_file" | "key_file"): Promise<string | undefined> {
    const name = tls?.[key];
    return name === undefined ? undefined : await contentOf(name, ["tls_config", key]);
  }

  const header = await authorizationHeader();
  const [ca, cert, key] = [await ofTls("ca_file"), await ofTls("cert_file"), await ofTls("key_file")];
  if (ca !== undefined && ca !== "" && !certificatesIn(ca).some(({ parsed }) => parsed !== undefined)) {
    const message = "expected a file that holds a certificate in PEM form";
    problems.push(...source.problemsAt(["tls_config", "ca_file"], message));
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    client: {
      authorization: header === undefined ? undefined : new Secret(header),
      tls: {
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key: new Secret(key) }),
        ...(tls?.server_name === undefined ? {} : { serverName: tls.server_name }),
        insecure: tls?.insecure_skip_verify ?? false,
      },
    },
  };
}

function refused(message: string): ClientConfigResult {
  return { ok: false, problems: [{ path: "", message }] };
}

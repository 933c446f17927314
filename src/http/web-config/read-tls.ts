import { resolve } from "node:path";
import type { Path } from "../../document/path.ts";
import type { FileReader } from "./file-reader.ts";
import { CURVES, openSslCiphers, VERSIONS } from "./go-tls-names.ts";
import { certificateChain, keyPair, privateKeyIn } from "./key-pair.ts";
import type { TlsSettings } from "./settings.ts";
import type { TlsFile } from "./tls-schema.ts";

/** What is wrong with a certificate or key, and the key of the web config that names it. */
interface TlsFault {
  readonly path: Path;
  readonly message: string;
}

export type TlsResult =
  | { readonly ok: true; readonly tls: TlsSettings }
  | { readonly ok: false; readonly faults: readonly TlsFault[] };

/** Reads certificates and keys, from the web config itself or from files relative to its folder. */
export async function readTls(tls: TlsFile, folder: string, reader: FileReader): Promise<TlsResult> {
  const faults: TlsFault[] = [];

  async function load<T>(
    name: "cert" | "key" | "client_ca",
    parse: (pem: string) => T,
  ): Promise<T | undefined> {
    const file = tls[`${name}_file`];
    const inline = tls[name];
    if (inline !== undefined) return attempt(name, "", () => parse(inline));
    if (file === undefined) return undefined;
    const content = await reader.read(resolve(folder, file));
    const quoted = JSON.stringify(file);
    return attempt(`${name}_file`, `the file ${quoted} `, () => {
      if (!content.ok) throw new Error(`cannot be read: ${content.why}`);
      return parse(content.bytes.toString("utf8"));
    });
  }

  function attempt<T>(key: string, subject: string, task: () => T): T | undefined {
    try {
      return task();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      faults.push({ path: ["tls_server_config", key], message: `${subject}${message}` });
      return undefined;
    }
  }

  const certificates = await load("cert", certificateChain);
  const key = await load("key", privateKeyIn);
  const authorities = await load("client_ca", certificateChain);
  const pair =
    certificates === undefined || key === undefined
      ? undefined
      : attempt(tls.key === undefined ? "key_file" : "key", "", () => keyPair(certificates, key));
  if (pair === undefined || faults.length > 0) return { ok: false, faults };
  const curves = (tls.curve_preferences ?? []).map((name) => CURVES[name]).join(":");
  return {
    ok: true,
    tls: {
      context: {
        ...pair,
        ...(authorities === undefined ? {} : { ca: authorities.map(String) }),
        ...(curves === "" ? {} : { ecdhCurve: curves }),
        ciphers: openSslCiphers(tls.cipher_suites ?? []),
        honorCipherOrder: tls.prefer_server_cipher_suites ?? true,
        minVersion: VERSIONS[tls.min_version ?? "TLS12"] ?? "TLSv1.2",
        maxVersion: VERSIONS[tls.max_version ?? "TLS13"] ?? "TLSv1.3",
      },
      clientAuth: tls.client_auth_type ?? "none",
      allowedNames: tls.client_allowed_sans,
    },
  };
}

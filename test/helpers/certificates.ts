import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTempFolder } from "./temp-folder.ts";
import type { TempFolder } from "./temp-folder.ts";

const run = promisify(execFile);

/** A folder with certificates and keys, `NAME.crt` and `NAME.key`, made by OpenSSL. */
export interface Certificates extends TempFolder {
  /** One that signs itself; `algorithm` as `openssl req -newkey` takes it, a NIST curve by default. */
  readonly selfSigned: (name: string, options?: CertificateOptions) => Promise<void>;
  /** One signed by another in this folder. */
  readonly signed: (name: string, by: string, options?: CertificateOptions) => Promise<void>;
  readonly pathOf: (file: string) => string;
}

interface CertificateOptions {
  readonly commonName?: string;
  /** As in OpenSSL's `subjectAltName`: `DNS:a.example,IP:127.0.0.1`. */
  readonly names?: string;
  readonly usage?: "serverAuth" | "clientAuth";
  readonly algorithm?: readonly string[];
}

const NIST_P256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];

export async function createCertificates(): Promise<Certificates> {
  const folder = await createTempFolder();
  const pathOf = (file: string): string => join(folder.path, file);
  const make = async (
    name: string,
    signer: readonly string[],
    options: CertificateOptions,
  ): Promise<void> => {
    const { commonName = name, names, usage, algorithm = NIST_P256 } = options;
    const extensions = [
      ...(names === undefined ? [] : [`subjectAltName=${names}`]),
      ...(usage === undefined ? [] : [`extendedKeyUsage=${usage}`, "basicConstraints=critical,CA:FALSE"]),
    ].flatMap((extension) => ["-addext", extension]);
    const out = ["-keyout", pathOf(`${name}.key`), "-out", pathOf(`${name}.crt`)];
    const subject = ["-nodes", "-days", "2", "-subj", `/CN=${commonName}`];
    await run("openssl", ["req", "-x509", ...algorithm, ...subject, ...extensions, ...signer, ...out]);
  };
  return {
    ...folder,
    pathOf,
    selfSigned: (name, options = {}) => make(name, [], options),
    signed: (name, by, options = {}) =>
      make(name, ["-CA", pathOf(`${by}.crt`), "-CAkey", pathOf(`${by}.key`)], options),
  };
}

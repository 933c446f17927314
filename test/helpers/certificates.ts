import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CertificateOptions, type Identity, issueCertificate } from "./issue-certificate.ts";
import { createTempFolder, type TempFolder } from "./temp-folder.ts";

/** A folder with certificates and keys, `NAME.crt` and `NAME.key`. Their common name is their name. */
export interface Certificates extends TempFolder {
  readonly selfSigned: (name: string, options?: CertificateOptions) => Promise<void>;
  /** One signed by another in this folder. */
  readonly signed: (name: string, by: string, options?: CertificateOptions) => Promise<void>;
  readonly pathOf: (file: string) => string;
}

export async function createCertificates(): Promise<Certificates> {
  const folder = await createTempFolder();
  const pathOf = (file: string): string => join(folder.path, file);
  const write = async (name: string, { cert, key }: Identity): Promise<void> => {
    await writeFile(pathOf(`${name}.crt`), cert);
    await writeFile(pathOf(`${name}.key`), key);
  };
  const read = async (name: string): Promise<Identity> => ({
    cert: await readFile(pathOf(`${name}.crt`), "utf8"),
    key: await readFile(pathOf(`${name}.key`), "utf8"),
  });
  return {
    ...folder,
    pathOf,
    selfSigned: async (name, options) => {
      await write(name, await issueCertificate(name, options));
    },
    signed: async (name, by, options) => {
      await write(name, await issueCertificate(name, options, await read(by)));
    },
  };
}

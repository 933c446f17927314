import { createPrivateKey } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { type Certificates, createCertificates } from "./certificates.ts";

/** The files that the rows of the table name. */
export async function createTableFiles(): Promise<Certificates> {
  const files = await createCertificates();
  await files.selfSigned("ca");
  await files.selfSigned("server", { names: [{ type: "dns", value: "localhost" }] });
  await files.selfSigned("rsa", { algorithm: "rsa" });
  await files.selfSigned("ed25519", { algorithm: "ed25519" });
  await files.signed("secp256k1", "ca", { algorithm: "secp256k1" });
  const key = createPrivateKey(await readFile(files.pathOf("server.key")));
  const encrypted = key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });
  await writeFile(files.pathOf("encrypted.key"), encrypted);
  return files;
}

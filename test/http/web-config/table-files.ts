import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createCertificates } from "../../helpers/certificates.ts";
import type { Certificates } from "../../helpers/certificates.ts";

const run = promisify(execFile);

/** The files that the rows of the table name. */
export async function createTableFiles(): Promise<Certificates> {
  const files = await createCertificates();
  await files.selfSigned("ca");
  await files.selfSigned("server", { names: "DNS:localhost" });
  await files.selfSigned("rsa", { algorithm: ["-newkey", "rsa:2048"] });
  await files.selfSigned("ed25519", { algorithm: ["-newkey", "ed25519"] });
  await files.selfSigned("secp256k1", {
    algorithm: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
  });
  const out = ["-out", files.pathOf("encrypted.key")];
  await run("openssl", ["pkcs8", "-topk8", "-passout", "pass:x", "-in", files.pathOf("server.key"), ...out]);
  return files;
}

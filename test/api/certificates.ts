import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTempFolder } from "../helpers/temp-folder.ts";

/** A server's key and certificate, PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

export interface Certificates {
  /** The private CA that signed all of them, PEM. */
  readonly ca: string;
  /** For localhost, api.test.invalid, 127.0.0.1 and ::1. */
  readonly good: Identity;
  readonly expired: Identity;
  /** For another host name alone. */
  readonly wrongName: Identity;
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const NAMES = "DNS:localhost,DNS:api.test.invalid,IP:127.0.0.1,IP:::1";

/** Makes a private CA and what it signs. */
export async function makeCertificates(): Promise<Certificates> {
  await using folder = await createTempFolder();
  const file = (name: string): string => join(folder.path, name);
  const read = (name: string): string => readFileSync(file(name), "utf8");
  const openssl = (...args: readonly string[]): void => {
    execFileSync("openssl", args, { cwd: folder.path, stdio: "ignore" });
  };
  const sign = async (name: string, alternatives: string, days: string): Promise<Identity> => {
    await writeFile(file(`${name}.ext`), `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth\n`);
    openssl("req", ...KEY, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    const ca = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"];
    const out = ["-days", days, "-out", `${name}.crt`, "-extfile", `${name}.ext`];
    openssl("x509", "-req", "-in", `${name}.csr`, ...ca, ...out);
    return { key: read(`${name}.key`), cert: read(`${name}.crt`) };
  };
  openssl(
    "req",
    "-x509",
    ...KEY,
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-days",
    "2",
    "-subj",
    "/CN=Test CA",
  );
  return {
    ca: read("ca.crt"),
    good: await sign("good", NAMES, "2"),
    expired: await sign("expired", NAMES, "-1"),
    wrongName: await sign("wrong", "DNS:other.invalid", "2"),
  };
}

import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { fileErrorText } from "../base/file-error.ts";
import type { NamedFiles } from "./named-files.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

interface CertificateFile {
  readonly path: string;
  /** PEM, one after the other; nothing else that is in the file. */
  readonly certificates: string;
}

/**
 * A file of certificates in PEM, read at once, relative to the folder; `""` or nothing is none. The result holds
 * the certificates alone, so that a private key in the same file goes no further.
 */
export function certificateFile({ folder, certificates: named }: NamedFiles) {
  return z
    .string({ error: "expected the path of a file" })
    .nullish()
    .transform(async (name, context): Promise<CertificateFile | undefined> => {
      if (name === undefined || name === null || name === "") return undefined;
      const path = resolve(folder, name);
      named.add(path);
      const { certificates, fault } = await readCertificates(name, path);
      if (fault !== undefined) context.addIssue({ code: "custom", message: fault, input: name });
      return { path, certificates: certificates.join("\n") };
    });
}

interface Certificates {
  readonly certificates: readonly string[];
  readonly fault?: string;
}

async function readCertificates(name: string, path: string): Promise<Certificates> {
  if (name.includes("-----BEGIN ")) {
    return { certificates: [], fault: "expected the path of a file, not what is in it" };
  }
  const file = JSON.stringify(name);
  try {
    const certificates = (await readFile(path, "utf8")).match(CERTIFICATE) ?? [];
    if (certificates.length === 0) {
      return { certificates, fault: `the file ${file} must hold at least one certificate in PEM form` };
    }
    const broken = certificates.findIndex((certificate) => !isCertificate(certificate));
    if (broken === -1) return { certificates };
    return { certificates, fault: `certificate ${broken + 1} in the file ${file} is damaged` };
  } catch (error) {
    return { certificates: [], fault: `cannot read ${file}: ${fileErrorText(error)}` };
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

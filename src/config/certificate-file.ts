import { resolve } from "node:path";
import { z } from "zod";
import { certificatesIn } from "../base/certificates.ts";
import { fileErrorText, isShortage } from "../base/file-error.ts";
import { readRegularFile } from "../base/regular-file.ts";
import type { CertificateFile } from "./config.ts";
import { isPem } from "./hidden.ts";
import type { LoadContext } from "./load-context.ts";
import { pathAdvice } from "./path-advice.ts";

/**
 * A file of certificates in PEM, read at once, relative to the folder; `""` or nothing is none. The result holds
 * the certificates alone, so that a private key in the same file goes no further.
 */
export function certificateFile({ folder, certificateFiles, shortFiles }: LoadContext) {
  return z.codec(
    z.string({ error: "expected the path of a file" }).nullish(),
    z.custom<CertificateFile | undefined>(),
    {
      async decode(name, context): Promise<CertificateFile | undefined> {
        if (name === undefined || name === null || name === "") return undefined;
        const path = resolve(folder, name);
        certificateFiles.add(path);
        const { certificates, fault, isShort } = await readCertificates(name, path);
        if (isShort === true) shortFiles.add(path);
        if (fault !== undefined) context.issues.push({ code: "custom", message: fault, input: name });
        return { path, certificates };
      },
      encode: (file) => file?.path ?? "",
    },
  );
}

interface Certificates {
  /** PEM, one after the other. */
  readonly certificates: string;
  readonly fault?: string;
  /** Whether the fault is a shortage of this machine. */
  readonly isShort?: boolean;
}

async function readCertificates(name: string, path: string): Promise<Certificates> {
  if (isPem(name)) return { certificates: "", fault: "expected the path of a file, not what is in it" };
  const file = JSON.stringify(name);
  try {
    const { bytes } = await readRegularFile(path);
    const found = certificatesIn(bytes.toString("utf8"));
    const certificates = found.map(({ pem }) => pem).join("\n");
    if (found.length === 0)
      return { certificates, fault: `the file ${file} must hold at least one certificate in PEM form` };
    const damaged = found.findIndex(({ parsed }) => parsed === undefined);
    if (damaged === -1) return { certificates };
    return { certificates, fault: `certificate ${damaged + 1} in the file ${file} is damaged` };
  } catch (error) {
    const fault = `cannot read ${file}: ${fileErrorText(error)}${pathAdvice(name)}`;
    return { certificates: "", fault, isShort: isShortage(error) };
  }
}

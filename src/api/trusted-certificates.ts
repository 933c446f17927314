import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { certificatesIn } from "../base/certificates.ts";

/**
 * Trusts the certificates in a PEM text beside those that Node trusts anyway. Made once, not with each connection:
 * it reads some 150 certificates. Throws an Error for a text without certificates or with a broken one.
 */
export function trustAlso(text: string): SecureContext {
  const certificates = certificatesIn(text);
  if (certificates.length === 0) {
    throw new Error("Cannot use the CA certificates: expected PEM with at least one BEGIN CERTIFICATE");
  }
  const broken = certificates.findIndex(({ parsed }) => parsed === undefined);
  if (broken !== -1) throw new Error(`Cannot use the CA certificates: number ${broken + 1} is broken`);
  return createSecureContext({
    ca: [...getCACertificates("default"), ...certificates.map(({ pem }) => pem)],
  });
}

import { X509Certificate } from "node:crypto";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * Trusts the certificates in a PEM text beside those that Node trusts anyway. Made once, not with each connection:
 * it reads some 150 certificates. Throws an Error for a text without certificates or with a broken one.
 */
export function trustAlso(pem: string): SecureContext {
  const certificates = pem.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) {
    throw new Error("Cannot use the CA certificates: expected PEM with at least one BEGIN CERTIFICATE");
  }
  for (const [index, certificate] of certificates.entries()) checkCertificate(certificate, index + 1);
  return createSecureContext({ ca: [...getCACertificates("default"), ...certificates] });
}

function checkCertificate(pem: string, number: number): void {
  try {
    void new X509Certificate(pem);
  } catch (error) {
    throw new Error(`Cannot use the CA certificates: number ${number} is broken`, { cause: error });
  }
}

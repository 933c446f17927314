import { X509Certificate } from "node:crypto";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

export interface PemCertificate {
  readonly pem: string;
  /** Undefined when it is damaged. */
  readonly parsed: X509Certificate | undefined;
}

/** The certificates in a PEM text, in their order; nothing else that it holds, such as a private key. */
export function certificatesIn(text: string): readonly PemCertificate[] {
  return (text.match(CERTIFICATE) ?? []).map((pem) => ({ pem, parsed: parse(pem) }));
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

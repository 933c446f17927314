import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { certificatesIn } from "../../base/certificates.ts";

/** The keys that Go's crypto/tls serves with, so that a file which works here works in every exporter. */
const KEY_TYPES: ReadonlySet<unknown> = new Set(["rsa", "ec", "ed25519"]);
const CURVES: ReadonlySet<unknown> = new Set(["secp224r1", "prime256v1", "secp384r1", "secp521r1"]);

/** The certificates in a PEM text, each one parsed. Throws with a message for people. */
export function certificateChain(pem: string): readonly X509Certificate[] {
  const certificates = certificatesIn(pem);
  if (certificates.length === 0) throw new Error("holds no certificate in PEM form");
  return certificates.map(({ parsed }) => {
    if (parsed === undefined) throw new Error("holds a certificate that cannot be read");
    return parsed;
  });
}

/** The private key in a PEM text. Throws with a message for people, which never quotes the key. */
export function privateKeyIn(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) throw new Error("holds an encrypted key, expected one without a passphrase");
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new Error("holds no private key in PEM form", { cause });
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (KEY_TYPES.has(type) && (type !== "ec" || CURVES.has(details?.namedCurve))) return key;
  const kind = type === "ec" ? `on the curve ${String(details?.namedCurve)}` : `of the type ${String(type)}`;
  throw new Error(`holds a key ${kind}, expected RSA, Ed25519 or ECDSA on a NIST curve`);
}

/** The pair for a server. Throws with a message for people when it does not belong together or is too weak. */
export function keyPair(
  certificates: readonly X509Certificate[],
  key: KeyObject,
): Required<Pick<SecureContextOptions, "cert" | "key">> {
  if (certificates[0]?.checkPrivateKey(key) !== true)
    throw new Error("does not hold the private key of the certificate");
  const pair = {
    cert: certificates.map((certificate) => certificate.toString()).join(""),
    key: key.export({ type: "pkcs8", format: "pem" }),
  };
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw new Error(`cannot serve with this pair: ${reasonOf(cause)}`, { cause });
  }
  return pair;
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "reason" in error ? String(error.reason) : "OpenSSL refuses it";
}

// One of the dependencies of @peculiar/x509 injects by metadata, and needs this to be there first.
// oxlint-disable-next-line import/no-unassigned-import -- it is imported for its effect
import "reflect-metadata";
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { JsonGeneralNames } from "@peculiar/x509";

/** A certificate and its private key, PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** Subject alternative names. */
  readonly names?: JsonGeneralNames;
  /** Without one it is a CA. */
  readonly usage?: "serverAuth" | "clientAuth";
  /** @default "prime256v1" */
  readonly algorithm?: keyof typeof KEY_PAIRS;
  /** @default 2 */
  readonly endsInDays?: number;
}

/** An algorithm of Web Crypto. */
interface Signature {
  readonly name: string;
  readonly namedCurve?: string;
  readonly hash?: string;
}

const KEY_PAIRS = {
  prime256v1: () => generateKeyPairSync("ec", { namedCurve: "prime256v1" }),
  secp256k1: () => generateKeyPairSync("ec", { namedCurve: "secp256k1" }),
  rsa: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ed25519: () => generateKeyPairSync("ed25519"),
};

/** By Node's `asymmetricKeyType`, what Web Crypto signs with; of the curves, it knows those of NIST alone. */
const SIGNATURES: Readonly<Record<string, Signature>> = {
  ec: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  rsa: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  ed25519: { name: "Ed25519" },
};

const PKCS8 = { type: "pkcs8", format: "pem" } as const;
const DAY_MS = 86_400_000;

/** A new certificate, signed by `by` or else by itself. Its validity began two days ago, so that no clock is too early. */
export async function issueCertificate(
  commonName: string,
  { names, usage, algorithm = "prime256v1", endsInDays = 2 }: CertificateOptions = {},
  by?: Identity,
): Promise<Identity> {
  const { publicKey, privateKey } = KEY_PAIRS[algorithm]();
  const subject = `CN=${commonName}`;
  const signer = by === undefined ? privateKey : createPrivateKey(by.key);
  const signature = signatureOf(signer);
  const cert = await x509.X509CertificateGenerator.create({
    subject,
    issuer: by === undefined ? subject : new x509.X509Certificate(by.cert).subject,
    publicKey: spkiOf(publicKey),
    notBefore: new Date(Date.now() - 2 * DAY_MS),
    notAfter: new Date(Date.now() + endsInDays * DAY_MS),
    signingKey: signer.toCryptoKey(signature, true, ["sign"]),
    signingAlgorithm: signature,
    extensions: [
      new x509.BasicConstraintsExtension(usage === undefined, undefined, true),
      // They tell apart authorities of one name.
      await x509.SubjectKeyIdentifierExtension.create(spkiOf(publicKey)),
      await x509.AuthorityKeyIdentifierExtension.create(spkiOf(createPublicKey(signer.export(PKCS8)))),
      ...(usage === undefined ? [] : [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[usage]])]),
      ...(names === undefined ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ],
  });
  return { cert: `${cert.toString("pem")}\n`, key: privateKey.export(PKCS8).toString() };
}

function signatureOf({ asymmetricKeyType }: KeyObject): Signature {
  const signature = SIGNATURES[asymmetricKeyType ?? ""];
  if (signature === undefined) throw new TypeError(`Cannot sign with a key of type ${asymmetricKeyType}`);
  return signature;
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

import { type Identity, issueCertificate } from "./issue-certificate.ts";

export interface ServerCertificates {
  /** The private CA that signed all of them, PEM. */
  readonly ca: string;
  /** For localhost, api.test.invalid, 127.0.0.1 and ::1. */
  readonly good: Identity;
  readonly expired: Identity;
  /** For another host name alone. */
  readonly wrongName: Identity;
}

/** Makes a private CA and what it signs. */
export async function makeCertificates(): Promise<ServerCertificates> {
  const ca = await issueCertificate("Test CA");
  const usage = "serverAuth";
  const names = [
    { type: "dns", value: "localhost" },
    { type: "dns", value: "api.test.invalid" },
    { type: "ip", value: "127.0.0.1" },
    { type: "ip", value: "::1" },
  ] as const;
  const others = [{ type: "dns", value: "other.invalid" }] as const;
  return {
    ca: ca.cert,
    good: await issueCertificate("good", { names: [...names], usage }, ca),
    expired: await issueCertificate("expired", { names: [...names], usage, endsInDays: -1 }, ca),
    wrongName: await issueCertificate("wrong", { names: [...others], usage }, ca),
  };
}

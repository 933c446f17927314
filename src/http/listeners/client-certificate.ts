import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { alternativeNames, canonicalAddress } from "./alternative-names.ts";
import type { TlsSettings } from "../web-config/settings.ts";

/** `own`: the server's own certificate, by which the healthcheck command shows that it can read its key. */
type Admission = "admitted" | "own" | "refused";

/** Decides about a client by its certificate, once the handshake is done: that proved it has the private key. */
export function admit(socket: TLSSocket, tls: TlsSettings): Admission {
  const certificate = socket.getPeerX509Certificate();
  if (isAdmitted(certificate, socket.authorized, tls)) return "admitted";
  const isOwn = certificate !== undefined && String(tls.context.cert).startsWith(certificate.toString());
  return isOwn ? "own" : "refused";
}

function isAdmitted(
  certificate: X509Certificate | undefined,
  isVerified: boolean,
  { clientAuth, allowedNames }: TlsSettings,
): boolean {
  if (clientAuth === "none" || clientAuth === "requested") return true;
  if (certificate === undefined) return clientAuth === "verified-if-given";
  if (clientAuth !== "required" && !isVerified) return false;
  if (allowedNames === undefined) return true;
  const names = new Set(alternativeNames(certificate.subjectAltName));
  return allowedNames.some((name) => names.has(name) || names.has(canonicalAddress(name)));
}

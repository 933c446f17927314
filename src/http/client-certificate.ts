import type { TLSSocket } from "node:tls";
import { alternativeNames, canonicalAddress } from "./alternative-names.ts";
import type { TlsSettings } from "./web-config/settings.ts";

/** `own`: the server's own certificate, by which the healthcheck command shows that it can read its key. */
export type Admission = "admitted" | "own" | "refused";

/** Decides about a client by its certificate, once the handshake is done: that proved it has the private key. */
export function admit(socket: TLSSocket, { clientAuth, allowedNames, context }: TlsSettings): Admission {
  const certificate = socket.getPeerX509Certificate();
  const isGiven = certificate !== undefined;
  if (isGiven && String(context.cert).startsWith(certificate.toString())) return "own";
  if (clientAuth === "none" || clientAuth === "requested") return "admitted";
  if (!isGiven) return clientAuth === "verified-if-given" ? "admitted" : "refused";
  if (clientAuth !== "required" && !socket.authorized) return "refused";
  if (allowedNames === undefined) return "admitted";
  const names = new Set(alternativeNames(certificate.subjectAltName));
  const isAllowed = allowedNames.some((name) => names.has(name) || names.has(canonicalAddress(name)));
  return isAllowed ? "admitted" : "refused";
}

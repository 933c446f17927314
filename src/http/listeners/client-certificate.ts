import type { X509Certificate } from "node:crypto";
import { SocketAddress } from "node:net";
import type { TLSSocket } from "node:tls";
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

/** One name as Node prints it: quoted, as in JSON, when it holds a character that could be mistaken for a separator. */
const NAME = /(?<kind>[A-Za-z ]+):(?<value>"(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/gy;
const KINDS: ReadonlySet<unknown> = new Set(["DNS", "email", "IP Address", "URI"]);

/** The DNS names, e-mail addresses, IP addresses and URIs in a certificate's `subjectAltName`, as Go prints them. */
export function alternativeNames(text: string | undefined): readonly string[] {
  return [...(text ?? "").matchAll(NAME)].flatMap(({ groups }) => {
    const { kind, value = "" } = groups ?? {};
    if (!KINDS.has(kind)) return [];
    if (kind === "IP Address") return [canonicalAddress(value)];
    return [value.startsWith('"') ? String(JSON.parse(value)) : value];
  });
}

/** OpenSSL writes `2001:DB8:0:0:0:0:0:1` where everybody else writes `2001:db8::1`. */
function canonicalAddress(text: string): string {
  if (!text.includes(":")) return text;
  try {
    return new SocketAddress({ address: text, family: "ipv6" }).address;
  } catch {
    return text;
  }
}

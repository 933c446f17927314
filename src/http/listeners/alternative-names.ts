import { SocketAddress } from "node:net";

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
export function canonicalAddress(text: string): string {
  if (!text.includes(":")) return text;
  try {
    return new SocketAddress({ address: text, family: "ipv6" }).address;
  } catch {
    return text;
  }
}

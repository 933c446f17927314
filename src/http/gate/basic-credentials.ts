export interface BasicCredentials {
  readonly user: string;
  /** As sent: the bytes are what was hashed, whatever their encoding. */
  readonly password: Buffer;
}

const BASIC = /^basic +(?<base64>[A-Za-z0-9+/]*={0,2}) *$/i;

/** Name and password of an `Authorization` header (RFC 7617); undefined when it is none. The password may hold colons. */
export function parseBasicCredentials(header: string | undefined): BasicCredentials | undefined {
  const base64 = BASIC.exec(header ?? "")?.groups?.["base64"];
  if (base64 === undefined || base64.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(base64, "base64");
  const colon = bytes.indexOf(":");
  if (colon === -1) return undefined;
  return { user: bytes.toString("utf8", 0, colon), password: bytes.subarray(colon + 1) };
}

import { Secret } from "./secret.ts";

/** A forward proxy. */
export interface Proxy {
  /** `http://proxy.example.com:3128`, without user and password. */
  readonly origin: string;
  /** Host and port, for messages. */
  readonly host: string;
  /** Value of `Proxy-Authorization`; undefined when the URL has no user. */
  readonly authorization: Secret | undefined;
}

/** The text as the URL of an HTTP proxy; undefined when it is none. */
export function proxyUrlOf(text: string): URL | undefined {
  const url = URL.parse(text);
  return url !== null && ["http:", "https:"].includes(url.protocol) ? url : undefined;
}

/** Reads a proxy's URL. Throws an Error that does not repeat it, since it may hold a password. */
export function parseProxyUrl(text: string): Proxy {
  const url = proxyUrlOf(text);
  if (url === undefined) {
    throw new Error(
      "Cannot use the proxy: expected a URL such as http://user:password@proxy.example.com:3128",
    );
  }
  return { origin: url.origin, host: url.host, authorization: basic(url) };
}

function basic({ username, password }: URL): Secret | undefined {
  if (username === "" && password === "") return undefined;
  const pair = `${decode(username)}:${decode(password)}`;
  return new Secret(`Basic ${Buffer.from(pair).toString("base64")}`);
}

/** A password with a bare `%` is taken as it stands: few people know that it has to be written `%25`. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

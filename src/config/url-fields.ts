import { z } from "zod";
import { isLoopback } from "../base/loopback.ts";
import { proxyUrlOf } from "../base/proxy-url.ts";
import { Secret } from "../base/secret.ts";

const BASE_URL_ERROR = "expected a URL such as https://api.cloudflare.com/client/v4";
const PROXY_ERROR = "expected the URL of an HTTP proxy such as http://proxy.example.com:3128";

/** From the first slash of a row on: from each of them it would take time that grows as the square of their number. */
const TRAILING_SLASHES = /(?<!\/)\/+$/;

/** The API's root without a slash at its end. Whoever answers there gets the tokens, hence https. */
export function baseUrl() {
  return z.codec(z.string({ error: BASE_URL_ERROR }), z.string(), {
    decode(text, context) {
      const url = URL.parse(text);
      const message = baseUrlFault(url);
      if (message !== undefined) context.issues.push({ code: "custom", message, input: text });
      return url === null ? text : `${url.origin}${url.pathname}`.replace(TRAILING_SLASHES, "");
    },
    encode: (url) => url,
  });
}

function baseUrlFault(url: URL | null): string | undefined {
  if (url === null) return `${BASE_URL_ERROR}; it starts with https://`;
  if (url.username !== "" || url.password !== "") return "expected a URL without user name and password";
  if (url.search !== "" || url.hash !== "") return "expected a URL without query and fragment";
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname)))
    return "expected https, or http on a loopback address";
  // Anything else there answers with a page, or a 404 that looks like one of an interconnect.
  const isCloudflare = url.hostname.endsWith(".cloudflare.com");
  if (
    isCloudflare &&
    (url.pathname.replace(TRAILING_SLASHES, "") !== "/client/v4" || url.hostname.startsWith("dash."))
  )
    return "expected the root of Cloudflare's API; it is https://api.cloudflare.com/client/v4";
  return undefined;
}

/** The URL of an HTTP proxy, a secret since it may hold a password; `""` or nothing is none. */
export function proxyUrl() {
  return z.codec(z.string({ error: PROXY_ERROR }).nullish(), z.custom<Secret | undefined>(), {
    decode(text, context) {
      if (text === undefined || text === null || text.trim() === "") return undefined;
      const url = proxyUrlOf(text);
      const message = proxyUrlFault(url);
      if (message !== undefined) context.issues.push({ code: "custom", message, input: text });
      return new Secret(url?.href ?? "");
    },
    encode: (url) => String(url ?? ""),
  });
}

/** Stricter than with a proxy of the environment, which other programs have to read too. */
function proxyUrlFault(url: URL | undefined): string | undefined {
  if (url === undefined) return PROXY_ERROR;
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return "expected a URL without path, query and fragment; in a password write / ? # as %2F %3F %23";
  }
  try {
    // Whoever sends them decodes them, and would fail at every request.
    decodeURIComponent(`${url.username}${url.password}`);
    return undefined;
  } catch {
    return "expected user name and password in percent-encoding; write a % in them as %25";
  }
}

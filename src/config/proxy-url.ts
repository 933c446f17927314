import { z } from "zod";
import { Secret } from "../base/secret.ts";

const ERROR = "expected the URL of an HTTP proxy such as http://proxy.example.com:3128";

/** The URL of an HTTP proxy, a secret since it may hold a password; `""` or nothing is none. */
export function proxyUrl() {
  return z
    .string({ error: ERROR })
    .nullish()
    .transform((text, context): Secret | undefined => {
      if (text === undefined || text === null || text.trim() === "") return undefined;
      const url = URL.parse(text);
      const message = urlFault(url);
      if (message !== undefined) context.addIssue({ code: "custom", message, input: text });
      return new Secret(url?.href ?? "");
    });
}

function urlFault(url: URL | null): string | undefined {
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return ERROR;
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

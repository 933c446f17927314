import { hideSecrets } from "../base/credential-shape.ts";
import { cutText } from "../base/cut-text.ts";
import { cleanReason } from "../domain/reason.ts";
import { headerOf, type ResponseHeaders } from "./response-headers.ts";

/** Longest text of others that a message repeats, in code points. */
const QUOTED_LENGTH = 200;

/** A text of others for a message of ours: in double quotes, on one line, cut to 200 code points. */
export function quote(text: string): string {
  return `"${cutText(hideSecrets(cleanReason(text.slice(0, 4 * QUOTED_LENGTH))), QUOTED_LENGTH)}"`;
}

/** What a body is, for people: an HTML page by its title, a text by its beginning. */
export function describeBody(headers: ResponseHeaders, body: string): string {
  const encoding = headerOf(headers, "content-encoding") ?? "identity";
  if (encoding !== "identity")
    return `a body with Content-Encoding ${quote(encoding)}, which was not asked for`;
  if (body.trim() === "") return "an empty body";
  if (!isHtml(headers, body)) return quote(body);
  const title = /<title[^>]{0,100}>([^<]{1,400})/i.exec(body)?.[1];
  return title === undefined ? "an HTML page" : `an HTML page titled ${quote(title)}`;
}

/** Whether a body is a page for people, by its media type or its first character. */
export function isHtml(headers: ResponseHeaders, body: string): boolean {
  return (
    /^\s*(?:text\/html|application\/xhtml)/i.test(headerOf(headers, "content-type") ?? "") ||
    /^\s*</.test(body)
  );
}

/** The body as JSON; undefined when it is none. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

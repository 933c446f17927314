/** How an answer's bytes travel. `cut` closes the connection before the promised Content-Length is reached. */
export type Delivery =
  | { readonly kind: "whole" }
  | { readonly kind: "slow-body"; readonly ms: number }
  | { readonly kind: "hang" }
  | { readonly kind: "hang-body" }
  | { readonly kind: "cut" }
  | { readonly kind: "reset" };

/** One response as a value: what is sent, when (`delayMs` before the headers) and how. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly delayMs: number;
  readonly delivery: Delivery;
}

function answer(status: number, contentType: string, body: string, headers: Answer["headers"] = {}): Answer {
  return {
    status,
    headers: { "content-type": contentType, ...headers },
    body,
    delayMs: 0,
    delivery: { kind: "whole" },
  };
}

/** A JSON answer; a string is sent as it is, so that a broken text can be. */
export function jsonAnswer(status: number, value: unknown, headers?: Answer["headers"]): Answer {
  return answer(
    status,
    "application/json",
    typeof value === "string" ? value : JSON.stringify(value),
    headers,
  );
}

/** An HTML page such as Cloudflare's edge serves in place of the API. */
export function htmlAnswer(status: number, title: string, headers?: Answer["headers"]): Answer {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return answer(status, "text/html; charset=UTF-8", body, headers);
}

/** A plain text such as a proxy says in place of the API. */
export function textAnswer(status: number, text: string, headers?: Answer["headers"]): Answer {
  return answer(status, "text/plain; charset=UTF-8", text, headers);
}

/** An answer with `Content-Length: 0`. */
export function emptyAnswer(status: number, headers?: Answer["headers"]): Answer {
  return answer(status, "application/json", "", headers);
}

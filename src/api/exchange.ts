import type { Dispatcher } from "undici";
import { LeftoverBytesError } from "./connection.ts";
import type { ResponseHeaders } from "./response-headers.ts";

/** An answer whose head came, with what came of its body, as UTF-8. */
export interface Answer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly text: string;
  readonly body: BodyEnd;
}

/** How the body ended: by itself, by being longer than wanted, or before its time. */
type BodyEnd =
  | { readonly end: "whole" }
  | { readonly end: "too-long" }
  | { readonly end: "broken"; readonly error: unknown };

export interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body; the rest is given up together with its connection. */
  readonly maxBytesOf: (status: number) => number;
}

const UTF8 = new TextDecoder();

/**
 * One GET, without following redirects. Rejects only when no head came: with undici's error, or with the signal's reason
 * as soon as it aborts, even while the request still waits for a connection. Sent once more when what came was left over
 * from another answer.
 */
// By undici's handlers, since the stream and the listeners that its `request` makes for each answer cost a poll dearly.
export function exchange(
  dispatcher: Dispatcher,
  { path, headers, maxBytesOf }: Request,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let sending: Dispatcher.DispatchController | undefined;
  let head: Pick<Answer, "status" | "headers"> | undefined;
  let room = 0;
  let again = false;
  const chunks: Buffer[] = [];

  function settle(body: BodyEnd): void {
    signal.removeEventListener("abort", onAbort);
    if (head !== undefined) resolve({ ...head, text: UTF8.decode(Buffer.concat(chunks)), body });
    else if (body.end === "broken") reject(body.error);
  }
  function onAbort(): void {
    settle({ end: "broken", error: signal.reason });
    sending?.abort(signal.reason);
  }

  signal.addEventListener("abort", onAbort, { once: true });
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(controller) {
      sending = controller;
      if (signal.aborted) controller.abort(signal.reason);
    },
    onResponseStart(_controller, status, received) {
      if (status < 200) return;
      head = { status, headers: received };
      room = maxBytesOf(status);
    },
    onResponseData(controller, chunk) {
      chunks.push(chunk.subarray(0, room));
      room -= chunk.byteLength;
      if (room >= 0) return;
      settle({ end: "too-long" });
      controller.abort(new Error("The rest of the body is not wanted"));
    },
    onResponseEnd: () => settle({ end: "whole" }),
    onResponseError(_controller, error) {
      if (again || signal.aborted || !(error instanceof LeftoverBytesError)) {
        return settle({ end: "broken", error });
      }
      again = true;
      head = undefined;
      chunks.length = 0;
      dispatcher.dispatch(request, handler);
    },
  };
  const request = { method: "GET", path, headers } as const;
  dispatcher.dispatch(request, handler);
  return promise;
}

import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { request, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";

export interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly protocol: string | null;
  readonly cipher: string;
  /** The curve of the key exchange, when there was one of an elliptic curve. */
  readonly curve: string | undefined;
  readonly commonName: string | undefined;
}

interface AskOptions extends RequestOptions {
  /** None: the client does not say what it speaks. */
  readonly ALPNProtocols?: string[];
}

/** One HTTPS request of HTTP/1.1 on a connection of its own; `closed` when there is no answer. */
export async function ask(port: number, options: AskOptions = {}): Promise<Answer | "closed"> {
  try {
    const sent = request({
      host: "127.0.0.1",
      port,
      path: "/metrics",
      rejectUnauthorized: false,
      agent: false,
      ...options,
    });
    sent.end();
    const [response] = await once(sent, "response");
    const socket: TLSSocket = response.socket;
    const key = socket.getEphemeralKeyInfo();
    const { subject } = socket.getPeerCertificate();
    const about = {
      protocol: socket.getProtocol(),
      cipher: socket.getCipher().name,
      curve: key !== null && "name" in key ? key.name : undefined,
      commonName: [subject.CN].flat()[0],
    };
    return { status: response.statusCode, body: await text(response), ...about };
  } catch {
    return "closed";
  }
}

interface Http2Options extends Pick<RequestOptions, "cert" | "key"> {
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request of HTTP/2; the status, or `closed`. */
export async function askHttp2(port: number, options: Http2Options = {}): Promise<number | "closed"> {
  const { cert, key, headers: sent = {} } = options;
  const session = connectHttp2(`https://127.0.0.1:${port}`, {
    rejectUnauthorized: false,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  try {
    const failed = once(session, "error").then(([error]) => Promise.reject(error));
    const stream = session.request({ ":path": "/metrics", ...sent });
    const answered = once(stream, "response");
    const [headers] = await Promise.race([answered, failed, once(session, "close").then(() => [undefined])]);
    return headers === undefined ? "closed" : headers[":status"];
  } catch {
    return "closed";
  } finally {
    session.destroy();
  }
}

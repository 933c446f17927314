import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A server in place of the API that repeats the credential wherever it can. */
export interface EchoServer extends AsyncDisposable {
  readonly baseUrl: string;
  /** The credentials that came in, each once. */
  readonly heard: ReadonlySet<string>;
}

type Echo = (response: ServerResponse, credential: string, request: IncomingMessage) => void;

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function errorBody(message: string) {
  return { success: false, errors: [{ code: 1000, message }], messages: [], result: null };
}

/** By the word at the end of an interconnect's name. */
const ECHOES: Readonly<Record<string, Echo>> = {
  message: (response, credential) =>
    sendJson(response, 401, errorBody(`Invalid token ${credential}, was ${credential}`)),
  chain: (response, credential) =>
    sendJson(response, 400, {
      success: false,
      errors: [
        {
          code: 6003,
          message: "Invalid request headers",
          error_chain: [{ code: 6111, message: credential }],
        },
      ],
    }),
  forbidden: (response, credential) => sendJson(response, 403, errorBody(`No access for ${credential}`)),
  limited: (response, credential) =>
    response
      .writeHead(429, { "retry-after": credential, "content-type": "application/json" })
      .end(JSON.stringify(errorBody(credential))),
  headers: (response, _, request) => sendJson(response, 500, { headers: request.rawHeaders }),
  page: (response, credential) =>
    response
      .writeHead(502, { "content-type": "text/html" })
      .end(`<html><title>Bad gateway for ${credential}</title>${credential}</html>`),
  text: (response, credential) => response.writeHead(200, { "content-type": "text/plain" }).end(credential),
  state: (response, credential) => sendJson(response, 200, { state: credential }),
  reason: (response, credential) =>
    sendJson(response, 200, { state: "Down", reason: `port of ${credential}` }),
  redirect: (response, credential) =>
    response
      .writeHead(302, {
        location: `https://elsewhere.example/${encodeURIComponent(credential)}?token=${credential}`,
      })
      .end(),
  encoding: (response, credential) =>
    response.writeHead(200, { "content-encoding": credential.replaceAll(/[^\w-]/g, "") }).end("x"),
  ray: (response, credential) =>
    response
      .writeHead(500, { "cf-ray": credential.replaceAll(/[^\w-]/g, ""), ratelimit: `"${credential}";r=1` })
      .end(),
  broken: (response, credential) => response.socket?.end(`${credential}\r\n\r\n`),
  "status-line": (response, credential) => response.socket?.end(`HTTP/1.1 599 ${credential}\r\n\r\n`),
  "long-header": (response, credential) =>
    response.socket?.end(`HTTP/1.1 200 OK\r\nx-${credential.repeat(2000)}: ${credential}\r\n\r\n`),
};

/** The interconnects that it knows, one for each place of the credential. */
export const ECHO_NAMES = Object.keys(ECHOES).map((word) => `icon-${word}`);

/** Starts one on a free port of 127.0.0.1. */
export async function startEchoServer(): Promise<EchoServer> {
  const heard = new Set<string>();
  const server = createServer((request, response) => {
    const key = request.headers["x-auth-key"];
    const credential = request.headers.authorization ?? (typeof key === "string" ? key : "");
    heard.add(credential);
    const word = /\/icon-(?<word>[\w-]+)\/status$/.exec(request.url ?? "")?.groups?.["word"] ?? "";
    (ECHOES[word] ?? ECHOES["headers"])?.(response, credential, request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected a port to listen on");
  return {
    baseUrl: `http://127.0.0.1:${address.port}/client/v4`,
    heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

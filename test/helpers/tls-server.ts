import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Identity } from "./issue-certificate.ts";

/** An API over TLS that answers every request with a healthy status. */
export interface TlsServer extends AsyncDisposable {
  readonly port: number;
  /** Paths of the requests so far. */
  readonly requests: readonly string[];
  /** Protocols that clients offered by ALPN. */
  readonly offered: readonly string[];
}

export async function startTlsServer(identity: Identity): Promise<TlsServer> {
  const requests: string[] = [];
  const offered: string[] = [];
  const server = createServer(
    {
      ...identity,
      ALPNCallback: ({ protocols }) => {
        offered.push(...protocols);
        return "http/1.1";
      },
    },
    (request, response) => {
      requests.push(request.url ?? "");
      response.end('{"state":"Healthy"}');
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    offered,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** An alert in a message of Alertmanager's (its webhook payload, version 4). */
export interface SentAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One request. `alerts` is empty for a body of another kind than a webhook's. */
interface ReceivedMessage {
  readonly path: string;
  readonly atMs: number;
  readonly status: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly SentAlert[];
  readonly body: string;
}

export interface WebhookReceiver extends AsyncDisposable {
  readonly origin: string;
  /** All so far, in order of arrival. */
  readonly messages: readonly ReceivedMessage[];
}

/** Stands in for a pager, tickets and a chat: keeps what Alertmanager sends it. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const messages: ReceivedMessage[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { status = "", groupLabels = {}, alerts = [] } = JSON.parse(body) as Partial<ReceivedMessage>;
      messages.push({ path: request.url ?? "", atMs: Date.now(), status, groupLabels, alerts, body });
      response.end("ok");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected a port to listen on");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    messages,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

import { once } from "node:events";
import { createServer as createHttp1 } from "node:http";
import { connect as connectHttp2, createServer as createHttp2 } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import type { FastifyInstance } from "fastify";
import { describe, expect, test } from "vitest";
import type { Handler } from "../../../src/http/listeners/protocol.ts";
import { OPEN_WEB_CONFIG } from "../../../src/http/web-config/live.ts";
import type { Scrape } from "../../../src/metrics/scrape.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { httpSubject } from "../../helpers/http-subject.ts";
import { scrapeBody } from "../../helpers/scrape-body.ts";

type Protocol = "HTTP/1.1" | "HTTP/2";

interface Hanging extends AsyncDisposable {
  /** Asks for the metrics. */
  readonly ask: () => void;
  /** Ends the connection; resolves when the server has seen it. */
  readonly hangUp: () => Promise<void>;
}

/** A client who goes away. */
async function client(app: FastifyInstance, protocol: Protocol): Promise<Hanging> {
  await app.ready();
  const closed = Promise.withResolvers<void>();
  const answer: Handler = (request, response) => {
    response.once("close", () => closed.resolve());
    app.routing(request, response);
  };
  const server =
    protocol === "HTTP/1.1"
      ? createHttp1(answer)
      : createHttp2(answer as unknown as Parameters<typeof createHttp2>[1]);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { ask, end } = protocol === "HTTP/2" ? overHttp2(port) : overHttp1(port);
  return {
    ask,
    async hangUp() {
      end();
      await closed.promise;
    },
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

function overHttp1(port: number) {
  const socket = connect(port, "127.0.0.1");
  return {
    ask: () => void socket.write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"),
    end: () => void socket.destroy(),
  };
}

function overHttp2(port: number) {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  return {
    ask: () => void session.request({ ":path": "/metrics" }).on("error", () => undefined),
    end: () => session.destroy(),
  };
}

describe.each(["HTTP/1.1", "HTTP/2"] as const)(
  "a client of %s that hung up before its answer",
  (protocol) => {
    test("leaves no timer behind", async () => {
      const clock = new FakeClock();
      const asked = Promise.withResolvers<void>();
      const rendered = Promise.withResolvers<void>();
      const handedOver = Promise.withResolvers<void>();
      await using it = httpSubject(
        {
          async scrape() {
            asked.resolve();
            await rendered.promise;
            return scrapeBody(["metric 1\n"]);
          },
        },
        { clock },
      );
      it.app.addHook("onSend", async () => handedOver.resolve());
      await using gone = await client(it.app, protocol);
      gone.ask();
      await asked.promise;
      await gone.hangUp();
      rendered.resolve();
      await handedOver.promise;
      expect(clock.sleeping).toBe(0);
    });

    test.each(["the gate waits", "it is rendered"])("while %s holds no slot", async (moment) => {
      const arrived = Promise.withResolvers<void>();
      const opened = Promise.withResolvers<void>();
      const asked = Promise.withResolvers<void>();
      let calls = 0;
      const scrape: Scrape = async () => {
        calls += 1;
        if (calls > 1) return scrapeBody(["metric 1\n"]);
        asked.resolve();
        // Never: what is rendered for nobody must hold up nobody.
        return await Promise.withResolvers<never>().promise;
      };
      const current = async () => {
        arrived.resolve();
        await opened.promise;
        return OPEN_WEB_CONFIG.last();
      };
      await using it = httpSubject({ scrape }, { maxRequests: 1, web: { ...OPEN_WEB_CONFIG, current } });
      await using gone = await client(it.app, protocol);
      gone.ask();
      await arrived.promise;
      if (moment === "the gate waits") await gone.hangUp();
      opened.resolve();
      await asked.promise;
      if (moment === "it is rendered") await gone.hangUp();
      expect((await it.app.inject("/metrics")).statusCode).toBe(200);
    });
  },
);

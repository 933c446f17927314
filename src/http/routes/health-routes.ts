import type { FastifyInstance } from "fastify";
import { renderPage } from "./page-route.ts";
import type { HttpPorts } from "./http-ports.ts";
import type { Site } from "../site/site.ts";

const PLAIN = "text/plain; charset=utf-8";

/** `/`, `/-/healthy` and `/-/ready`. */
export function addOperationalRoutes(app: FastifyInstance, ports: HttpPorts, { linkPrefix }: Site): void {
  app.get("/", async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(renderPage(ports.read(), { ...ports, linkPrefix })),
  );

  app.get("/-/healthy", async (_request, reply) =>
    ports.isAlive()
      ? reply.type(PLAIN).send("Healthy\n")
      : reply.code(503).type(PLAIN).send("Not healthy: the scheduler does not turn, restart the process\n"),
  );

  app.get("/-/ready", async (_request, reply) => {
    const why = ports.whyNotReady();
    return why === undefined
      ? reply.type(PLAIN).send("Ready\n")
      : reply.code(503).type(PLAIN).send(`Not ready: ${why}\n`);
  });
}

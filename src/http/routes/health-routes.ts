import type { FastifyInstance } from "fastify";
import { TEXT_TYPE } from "../problem.ts";
import type { HttpPorts } from "../http-ports.ts";

/** `/-/healthy` and `/-/ready`. */
export function addHealthRoutes(app: FastifyInstance, { isAlive, whyNotReady }: HttpPorts): void {
  app.get("/-/healthy", async (_request, reply) =>
    isAlive()
      ? reply.type(TEXT_TYPE).send("Healthy\n")
      : reply
          .code(503)
          .type(TEXT_TYPE)
          .send("Not healthy: the scheduler does not turn, restart the process\n"),
  );

  app.get("/-/ready", async (_request, reply) => {
    const why = whyNotReady();
    return why === undefined
      ? reply.type(TEXT_TYPE).send("Ready\n")
      : reply.code(503).type(TEXT_TYPE).send(`Not ready: ${why}\n`);
  });
}

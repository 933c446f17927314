import type { FastifyInstance } from "fastify";
import type { HttpPorts } from "./http-ports.ts";

/** `/config`: the configuration in effect. As text, since browsers save YAML to a file instead of showing it. */
export function addConfigRoute(app: FastifyInstance, { renderConfig }: HttpPorts): void {
  app.get("/config", async (_request, reply) => reply.type("text/plain; charset=utf-8").send(renderConfig()));
}

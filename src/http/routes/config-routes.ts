import type { FastifyInstance } from "fastify";
import { TEXT_TYPE } from "../problem.ts";
import type { HttpPorts } from "../http-ports.ts";

const DISABLED =
  "Reloading over HTTP is not enabled: start with --web.enable-lifecycle, or send SIGHUP to the process\n";

/** `/config` and `/-/reload`: the configuration in effect, and how to read it again. */
export function addConfigRoutes(app: FastifyInstance, { renderConfig, reload }: HttpPorts): void {
  // As text, since browsers save YAML to a file instead of showing it.
  app.get("/config", async (_request, reply) => reply.type(TEXT_TYPE).send(renderConfig()));

  app.route({
    method: ["POST", "PUT"],
    url: "/-/reload",
    async handler(_request, reply) {
      reply.type(TEXT_TYPE);
      if (reload === undefined) return reply.code(403).send(DISABLED);
      const { ok, lines } = await reload();
      return reply.code(ok ? 200 : 500).send(lines.map((line) => `${line}\n`).join(""));
    },
  });
}

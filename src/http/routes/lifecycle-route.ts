import type { FastifyInstance } from "fastify";
import type { HttpPorts } from "./http-ports.ts";

const PLAIN = "text/plain; charset=utf-8";
const DISABLED =
  "Reloading over HTTP is not enabled: start with --web.enable-lifecycle, or send SIGHUP to the process\n";

/** `/-/reload`: POST or PUT, where it is enabled. */
export function addLifecycleRoute(app: FastifyInstance, { reload }: Pick<HttpPorts, "reload">): void {
  app.route({
    method: ["POST", "PUT"],
    url: "/-/reload",
    async handler(_request, reply) {
      reply.type(PLAIN);
      if (reload === undefined) return reply.code(403).send(DISABLED);
      const problems = await reload();
      if (problems.length === 0) return reply.send("Reloaded\n");
      return reply.code(500).send(problems.map((problem) => `${problem}\n`).join(""));
    },
  });
}

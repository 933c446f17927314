import type { FastifyInstance } from "fastify";
import type { HttpPorts } from "../http-ports.ts";
import { runbookPage, runbooksPage } from "../pages/runbook-page.ts";
import { answerProblem, HTML_TYPE } from "../problem.ts";
import type { Site } from "../site.ts";

/** `/runbooks/` and `/runbooks/{name}`: those of this version, where there is no internet too. */
export function addRunbookRoutes(app: FastifyInstance, ports: HttpPorts, site: Site): void {
  const { version, telemetryPath, runbooks } = ports;
  const options = { version, telemetryPath, linkPrefix: site.linkPrefix };
  app.get("/runbooks/", async (_request, reply) =>
    reply.type(HTML_TYPE).send(runbooksPage(runbooks, options)),
  );
  app.get<{ Params: { readonly name: string } }>("/runbooks/:name", async (request, reply) => {
    const page = runbookPage(request.params.name, { ...options, runbooks });
    return page === undefined
      ? answerProblem(
          reply,
          site,
          404,
          `No such runbook: ${site.linkPrefix}/runbooks/ lists those that there are`,
        )
      : reply.type(HTML_TYPE).send(page);
  });
}

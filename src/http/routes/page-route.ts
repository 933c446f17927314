import type { FastifyInstance } from "fastify";
import type { HttpPorts } from "../http-ports.ts";
import { hasEmpty, parseQuery, type Query, queryText } from "../pages/filter.ts";
import { wallPage } from "../pages/wall-page.ts";
import { HTML_TYPE } from "../problem.ts";
import type { Site } from "../site.ts";

/** `/`: the status wall. */
export function addPageRoute(app: FastifyInstance, ports: HttpPorts, { linkPrefix }: Site): void {
  const options = { version: ports.version, telemetryPath: ports.telemetryPath, linkPrefix };
  app.get<{ Querystring: Query }>("/", async (request, reply) => {
    const query = parseQuery(request.query);
    // A form sends its empty fields too: the address is to be one that people can pass on.
    if (hasEmpty(request.query)) return reply.redirect(`${linkPrefix}/${queryText(query)}`, 303);
    const picture = {
      snapshot: ports.read(),
      accounts: ports.accounts(),
      whyNotReady: ports.whyNotReady(),
    };
    return reply.type(HTML_TYPE).send(wallPage(picture, query, options));
  });
}

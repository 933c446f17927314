import type { FastifyInstance } from "fastify";
import { nextTurn } from "../../base/next-turn.ts";
import type { HttpPorts } from "../http-ports.ts";
import { hasEmpty, parseQuery, type Query, queryText } from "../pages/filter.ts";
import { surveyOf } from "../pages/survey.ts";
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
    // Of thousands of circuits each half takes many milliseconds, and others come in between. Node goes on with the first
    // turn in the round that brought the request, so that two are needed.
    await nextTurn();
    const survey = surveyOf(picture.snapshot, query.filter);
    await nextTurn();
    return reply.type(HTML_TYPE).send(wallPage(picture, survey, query, options));
  });
}

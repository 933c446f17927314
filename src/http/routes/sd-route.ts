import type { FastifyInstance, FastifyRequest } from "fastify";
import type { HttpPorts } from "./http-ports.ts";
import { isHost, type ProbeAddress, probeTargets } from "./probe-targets.ts";
import { answerProblem, JSON_TYPE } from "../site/problem.ts";
import type { Site } from "../site/site.ts";

/** `/sd`: the list of `/probe` targets for Prometheus's http_sd. */
export function addSdRoute(app: FastifyInstance, ports: HttpPorts, site: Site): void {
  app.get("/sd", async (request, reply) => {
    const address = addressOf(request, site);
    if (address === undefined) {
      return answerProblem(
        reply,
        site,
        400,
        "Expected a Host header of host or host:port; or set --web.external-url",
      );
    }
    return reply.type(JSON_TYPE).send(`${JSON.stringify(probeTargets(ports.read().state, address))}\n`);
  });
}

/** The external URL, under which others reach us, or else how this request did. */
function addressOf(
  { host, protocol }: FastifyRequest,
  { externalOrigin, linkPrefix }: Site,
): ProbeAddress | undefined {
  const path = `${linkPrefix}/probe`;
  if (externalOrigin === undefined) return isHost(host) ? { host, scheme: protocol, path } : undefined;
  const external = new URL(externalOrigin);
  return { host: external.host, scheme: external.protocol === "https:" ? "https" : "http", path };
}

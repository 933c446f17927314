import type { FastifyInstance, FastifyRequest } from "fastify";
import type { HttpPorts } from "./http-ports.ts";
import { isHost, probeTargets } from "./probe-targets.ts";
import type { ProbeAddress } from "./probe-targets.ts";
import { answerProblem, JSON_TYPE } from "./problem.ts";

/** `/sd`: the list of `/probe` targets for Prometheus's http_sd. */
export function addSdRoute(app: FastifyInstance, ports: HttpPorts): void {
  app.get("/sd", async (request, reply) => {
    const address = addressOf(request, ports);
    if (address === undefined) {
      return answerProblem(
        reply,
        ports,
        400,
        "Expected a Host header of host or host:port; or set --web.external-url",
      );
    }
    return reply.type(JSON_TYPE).send(`${JSON.stringify(probeTargets(ports.read().state, address))}\n`);
  });
}

/** The external URL, under which others reach us, or else how this request did. */
function addressOf(request: FastifyRequest, ports: HttpPorts): ProbeAddress | undefined {
  const { externalUrl, routePrefix } = ports;
  if (externalUrl !== undefined) {
    const scheme = externalUrl.protocol === "https:" ? "https" : "http";
    return { host: externalUrl.host, scheme, path: probePath(externalUrl.pathname) };
  }
  const { host, protocol } = request;
  return isHost(host) ? { host, scheme: protocol, path: probePath(routePrefix) } : undefined;
}

function probePath(prefix: string): string {
  return `${prefix.replace(/\/+$/, "")}/probe`;
}

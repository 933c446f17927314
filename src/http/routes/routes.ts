import type { FastifyInstance } from "fastify";
import type { Site } from "../site.ts";
import { addApiRoutes } from "./api-routes.ts";
import { addAssetRoute } from "./asset-route.ts";
import { addCircuitRoutes } from "./circuit-routes.ts";
import { addConfigRoutes } from "./config-routes.ts";
import type { EventStreams } from "./event-streams.ts";
import { addEventsRoute } from "./events-route.ts";
import { addHealthRoutes } from "./health-routes.ts";
import type { HttpPorts } from "../http-ports.ts";
import { addMetricsRoute } from "./metrics-route.ts";
import { addPageRoute } from "./page-route.ts";
import { addProbeRoute } from "./probe-route.ts";
import { addRunbookRoutes } from "./runbook-route.ts";
import { addSdRoute } from "./sd-route.ts";
import { addUnmatched } from "./unmatched.ts";

/** Every route under the site's prefix, and an answer to what none of them matches. */
export function addRoutes(app: FastifyInstance, ports: HttpPorts, site: Site, streams: EventStreams): void {
  const { routePrefix } = site;
  addUnmatched(app, site, ports.telemetryPath);
  app.register(
    async (routes) => {
      addMetricsRoute(routes, ports);
      addPageRoute(routes, ports, site);
      addAssetRoute(routes, site);
      addEventsRoute(routes, site, streams);
      addCircuitRoutes(routes, ports, site);
      addRunbookRoutes(routes, ports, site);
      addHealthRoutes(routes, ports);
      addApiRoutes(routes, ports, site);
      addProbeRoute(routes, ports, site);
      addSdRoute(routes, ports, site);
      addConfigRoutes(routes, ports);
    },
    { prefix: routePrefix },
  );
  if (routePrefix !== "") app.get("/", async (_request, reply) => reply.redirect(`${routePrefix}/`, 302));
}

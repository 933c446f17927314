import type { FastifyInstance } from "fastify";
import type { HttpPorts } from "../http-ports.ts";
import type { Picture } from "../pages/banner.ts";
import { changesBetween } from "../pages/changes.ts";
import { rhythmsOf } from "../pages/wall-page.ts";
import { answerProblem } from "../problem.ts";
import type { Site } from "../site.ts";
import type { EventStreams } from "./event-streams.ts";

/** For each open page the next request of all of them is put off by so much at most, so that they come one by one. */
const SPREAD_MS_PER_PAGE = 10;

/** `/events`: what changed, for pages that are open. */
export function addEventsRoute(app: FastifyInstance, site: Site, streams: EventStreams): void {
  app.get("/events", { exposeHeadRoute: false }, async (_request, reply) => {
    const stream = streams.open();
    if (stream === undefined) {
      const message = `${streams.most} pages are kept up to date already, or the exporter is shutting down: reload this one instead`;
      return answerProblem(reply.header("Retry-After", 15), site, 503, message);
    }
    return reply.type("text/event-stream").header("X-Accel-Buffering", "no").send(stream);
  });
}

/** Begins to look at what pages show; what comes back tells as JSON what changed since it was asked last. */
export function watchPicture(
  ports: Pick<HttpPorts, "read" | "accounts" | "whyNotReady">,
  { linkPrefix }: Site,
): (pages: number) => string | undefined {
  let last = pictureNow();
  return (pages) => {
    const picture = pictureNow();
    const { now } = picture.snapshot;
    const context = { now, linkPrefix, rhythmOf: rhythmsOf(picture.accounts) };
    const changes = changesBetween(last, picture, context);
    last = picture;
    const spreadMs = Math.floor(pages * SPREAD_MS_PER_PAGE);
    return changes && JSON.stringify({ ...changes, spreadMs });
  };

  function pictureNow(): Picture {
    return { snapshot: ports.read(), accounts: ports.accounts(), whyNotReady: ports.whyNotReady() };
  }
}

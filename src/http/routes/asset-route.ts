import type { FastifyInstance } from "fastify";
import { ASSETS } from "../pages/assets.ts";
import { answerProblem } from "../problem.ts";
import type { Site } from "../site.ts";

/** A name never means anything else, and nothing in these files is secret. */
const FOR_EVER = "public, max-age=31536000, immutable";

/** `/assets/{name}`: style sheet, script and icons of the pages. */
export function addAssetRoute(app: FastifyInstance, site: Site): void {
  app.get<{ Params: { readonly name: string } }>("/assets/:name", async (request, reply) => {
    const asset = ASSETS.get(request.params.name);
    return asset === undefined
      ? answerProblem(reply, site, 404, "No such file of this version's pages")
      : reply.type(asset.type).header("Cache-Control", FOR_EVER).send(asset.body);
  });
}

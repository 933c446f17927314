import type { FastifyInstance } from "fastify";
import { oneOf } from "../../document/describe.ts";
import { nearest } from "../../document/nearest.ts";
import { answerProblem } from "../problem.ts";
import type { Site } from "../site.ts";

/** A URL that no client should send is routed here, so that it passes the gate as all others do. */
export const MALFORMED_URL = "/-/malformed-url";

interface KnownPath {
  readonly url: string;
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

const LONGEST_SHOWN = 200;

/** 404 with a hint, 405 with the methods that work, 400 for a URL that cannot be decoded. Add it before the routes. */
export function addUnmatched(app: FastifyInstance, site: Site, telemetryPath: string): void {
  const known = new Map<string, KnownPath>();

  app.addHook("onRoute", ({ url, method }) => {
    const path = known.get(url) ?? { url, pattern: patternOf(url), methods: new Set<string>() };
    for (const each of [method].flat()) path.methods.add(each);
    known.set(url, path);
  });

  function methodsAt(path: string): readonly string[] {
    const matching = [...known.values()].filter(({ pattern }) => pattern.test(path));
    return matching.flatMap(({ methods }) => Array.from(methods));
  }

  app.setNotFoundHandler(async (request, reply) => {
    if (request.url === MALFORMED_URL)
      return answerProblem(reply, site, 400, "Expected a URL with valid percent-encoding");
    const path = request.url.split("?", 1).join("");
    const shown = path.slice(0, LONGEST_SHOWN);
    const methods = methodsAt(path);
    if (methods.length > 0) {
      reply.header("Allow", methods.join(", "));
      return answerProblem(
        reply,
        site,
        405,
        `${request.method} is not allowed at ${shown}: use ${oneOf(methods)}`,
      );
    }
    const near = nearest(
      shown,
      [...known.keys()].filter((url) => !url.includes(":")),
    );
    const metrics = site.linkPrefix + telemetryPath;
    const hint = near === undefined ? `metrics are at ${metrics}` : `did you mean ${near}?`;
    return answerProblem(reply, site, 404, `Nothing at ${shown}: ${hint}`);
  });
}

/** What Fastify makes of `:name`: one segment of the path. */
function patternOf(url: string): RegExp {
  const source = url
    .split(/:\w+/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join("[^/]+");
  return new RegExp(`^${source}$`);
}

/** The URL to route by: the path and query of an absolute one, or `MALFORMED_URL`. */
export function routableUrl(url: string): string {
  const target = url.startsWith("/") ? url : pathOf(url);
  try {
    decodeURIComponent(target.split("?", 1).join(""));
    return target;
  } catch {
    return MALFORMED_URL;
  }
}

function pathOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? MALFORMED_URL : parsed.pathname + parsed.search;
}

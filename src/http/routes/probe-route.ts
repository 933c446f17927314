import type { FastifyInstance } from "fastify";
import { FORMATS } from "../../metrics/exposition.ts";
import type { HttpPorts } from "../http-ports.ts";
import { negotiateFormat } from "./negotiate.ts";
import { answerProblem } from "../problem.ts";
import type { Site } from "../site.ts";

/** No name is longer; the rest of a hostile one is not looked at. */
const LONGEST_PARAMETER = 1024;

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `/probe`: the families of the interconnect that `account` and `interconnect` name, from memory. */
export function addProbeRoute(app: FastifyInstance, ports: HttpPorts, site: Site): void {
  app.get<{ Querystring: Query }>("/probe", async ({ query, headers }, reply) => {
    const fault = faultOf("account", query) ?? faultOf("interconnect", query);
    if (fault !== undefined) return answerProblem(reply, site, 400, fault);
    const format = negotiateFormat(headers.accept);
    const body = ports.probe(format, String(query["account"]), String(query["interconnect"]));
    return body === undefined
      ? answerProblem(reply, site, 404, "No such interconnect is polled: /sd lists those that are")
      : reply.type(FORMATS[format]).header("Vary", "Accept").send(body);
  });
}

function faultOf(name: string, query: Query): string | undefined {
  const value = query[name];
  if (value === undefined || value === "")
    return `Expected the parameter ${name}, as in /probe?account=A&interconnect=I`;
  if (typeof value !== "string") return `Expected the parameter ${name} once, got it ${value.length} times`;
  if (value.length > LONGEST_PARAMETER)
    return `Expected at most ${LONGEST_PARAMETER} characters in ${name}, got ${value.length}`;
  return undefined;
}

import type { FastifyInstance } from "fastify";
import { findEntry } from "../../domain/state.ts";
import { groupsByMember } from "../../domain/group.ts";
import type { HttpPorts } from "../http-ports.ts";
import { historyJson, interconnectJson, timeOf } from "./interconnect-json.ts";
import { answerProblem, JSON_TYPE } from "../problem.ts";
import type { Site } from "../site.ts";

interface Params {
  readonly account: string;
  readonly interconnect: string;
}

/** `/api/v1/interconnects`, all and single; a name's `/` comes as `%2F`. */
export function addApiRoutes(app: FastifyInstance, ports: HttpPorts, site: Site): void {
  app.get("/api/v1/interconnects", async (_request, reply) => {
    const { state, now } = ports.read();
    const groups = groupsByMember(state.plan.groups);
    const interconnects = state.entries.all.map((entry) =>
      interconnectJson(entry, groups.get(entry.target.key), now),
    );
    return reply.type(JSON_TYPE).send(`${JSON.stringify({ now: timeOf(now.unixMs), interconnects })}\n`);
  });

  app.get<{ Params: Params }>("/api/v1/interconnects/:account/:interconnect", async (request, reply) => {
    const { account, interconnect } = request.params;
    const { state, now } = ports.read();
    const entry = findEntry(state, account, interconnect);
    if (entry === undefined) {
      return answerProblem(
        reply,
        site,
        404,
        "No such interconnect is polled: /api/v1/interconnects lists those that are",
      );
    }
    const group = groupsByMember(state.plan.groups).get(entry.target.key);
    const body = { ...interconnectJson(entry, group, now), history: historyJson(entry.history) };
    return reply.type(JSON_TYPE).send(`${JSON.stringify(body)}\n`);
  });
}

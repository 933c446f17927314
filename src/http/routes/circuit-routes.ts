import type { FastifyInstance } from "fastify";
import { findEntry } from "../../domain/state.ts";
import type { HttpPorts } from "../http-ports.ts";
import { circuitPage } from "../pages/circuit-page.ts";
import { supportText } from "../pages/support-text.ts";
import { rhythmsOf } from "../pages/wall-page.ts";
import { answerProblem, HTML_TYPE, TEXT_TYPE } from "../problem.ts";
import type { Site } from "../site.ts";

interface Params {
  readonly account: string;
  readonly interconnect: string;
}

const UNKNOWN = "No such interconnect is polled: the wall at / shows those that are";

/** `/interconnects/{account}/{interconnect}` and its `support.txt`; a name's `/` comes as `%2F`. */
export function addCircuitRoutes(app: FastifyInstance, ports: HttpPorts, site: Site): void {
  const { version, telemetryPath, runbooks } = ports;
  app.get<{ Params: Params }>("/interconnects/:account/:interconnect", async ({ params }, reply) => {
    const snapshot = ports.read();
    const entry = findEntry(snapshot.state, params.account, params.interconnect);
    if (entry === undefined) return answerProblem(reply, site, 404, UNKNOWN);
    // What is wrong with other accounts is not about this circuit.
    const accounts = ports.accounts().filter(({ account }) => account === params.account);
    const picture = { snapshot, accounts, whyNotReady: ports.whyNotReady() };
    const { linkPrefix } = site;
    const rhythmOf = rhythmsOf(accounts);
    return reply
      .type(HTML_TYPE)
      .send(circuitPage(entry, picture, { version, telemetryPath, linkPrefix, runbooks, rhythmOf }));
  });

  app.get<{ Params: Params }>(
    "/interconnects/:account/:interconnect/support.txt",
    async ({ params }, reply) => {
      const snapshot = ports.read();
      const entry = findEntry(snapshot.state, params.account, params.interconnect);
      return entry === undefined
        ? answerProblem(reply, site, 404, UNKNOWN)
        : reply.type(TEXT_TYPE).send(supportText(entry, snapshot, version));
    },
  );
}

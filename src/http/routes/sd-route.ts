import type { FastifyInstance, FastifyRequest } from "fastify";
import { groupsByMember } from "../../domain/group.ts";
import type { ExporterState } from "../../domain/state.ts";
import type { Target } from "../../domain/target.ts";
import type { HttpPorts } from "../http-ports.ts";
import { answerProblem, JSON_TYPE } from "../problem.ts";
import type { Site } from "../site.ts";

/** Where Prometheus finds `/probe`. */
interface ProbeAddress {
  readonly host: string;
  readonly scheme: "http" | "https";
  readonly path: string;
}

interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * `/sd`: the list of `/probe` targets for Prometheus's http_sd, of all accounts or of the one that `account` names. While
 * a list is not known it is 503, for Prometheus then keeps the targets that it has.
 */
export function addSdRoute(app: FastifyInstance, ports: HttpPorts, site: Site): void {
  app.get<{ Querystring: Query }>("/sd", async (request, reply) => {
    const address = addressOf(request, site);
    if (address === undefined) {
      return answerProblem(
        reply,
        site,
        400,
        "Expected a Host header of host or host:port; or set --web.external-url",
      );
    }
    const { account } = request.query;
    const refusal = refusalOf(account, ports.lists());
    if (refusal !== undefined) return answerProblem(reply, site, refusal.code, refusal.message);
    const targets = probeTargets(ports.read().state, address).filter(
      ({ labels }) => account === undefined || labels["__param_account"] === account,
    );
    return reply.type(JSON_TYPE).send(`${JSON.stringify(targets)}\n`);
  });
}

/** Why there is no list to serve; undefined when there is one. */
function refusalOf(
  account: Query[string],
  lists: ReadonlyMap<string, boolean> | undefined,
): { readonly code: number; readonly message: string } | undefined {
  if (lists === undefined) return { code: 503, message: "Not started yet" };
  if (account !== undefined && typeof account !== "string") {
    return { code: 400, message: `Expected the parameter account once, got it ${account.length} times` };
  }
  if (account !== undefined && !lists.has(account)) {
    return { code: 404, message: "No such account is configured: /config shows those that are" };
  }
  const awaited = [...lists].filter(([name, known]) => !known && (account ?? name) === name);
  if (awaited.length === 0) return undefined;
  const names = awaited.map(([name]) => name).join(", ");
  return {
    code: 503,
    message: `Waiting for the first list of interconnects of ${names}: the log says why; /sd?account=NAME serves another account`,
  };
}

/** The external URL, under which others reach us, or else how this request did. */
function addressOf(
  { host, protocol }: Pick<FastifyRequest, "host" | "protocol">,
  { externalOrigin, linkPrefix }: Site,
): ProbeAddress | undefined {
  const path = `${linkPrefix}/probe`;
  if (externalOrigin === undefined) return isHost(host) ? { host, scheme: protocol, path } : undefined;
  const external = new URL(externalOrigin);
  return { host: external.host, scheme: external.protocol === "https:" ? "https" : "http", path };
}

const META = "__meta_cloudflare_interconnect_";
const HOST = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** Whether the text is a host with or without a port, and nothing that would lead a scraper elsewhere. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/**
 * What Prometheus's http_sd takes: one group with one `/probe` target per interconnect. Never a bare `account` or
 * `interconnect`, which would push those of the metrics aside.
 */
export function probeTargets(
  { plan, entries }: ExporterState,
  address: ProbeAddress,
): readonly TargetGroup[] {
  const groups = groupsByMember(plan.groups);
  return entries.all.map(({ target }) => ({
    targets: [address.host],
    labels: {
      __scheme__: address.scheme,
      __metrics_path__: address.path,
      __param_account: target.account,
      __param_interconnect: target.interconnect,
      instance: target.key,
      ...metaLabels(target, groups.get(target.key) ?? ""),
    },
  }));
}

function metaLabels(target: Target, group: string): Readonly<Record<string, string>> {
  const { account, accountId, interconnect, expectedState, info, labels } = target;
  const { slotId, ...facts } = info;
  const meta = Object.entries({
    account,
    account_id: accountId,
    interconnect,
    expected_state: expectedState,
    group,
    slot_id: slotId,
    ...facts,
  });
  const own = Object.entries(labels).map(([key, value]) => [`label_${key}`, value] as const);
  return Object.fromEntries([...meta, ...own].map(([name, value]) => [META + name, value]));
}

import { z } from "zod";
import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";
import { shareOf } from "../domain/replica.ts";
import { rule } from "../document/rule.ts";
import { certificateFile } from "./certificate-file.ts";
import type { ApiConfig } from "./config.ts";
import { section, wholeNumber } from "./fields.ts";
import type { LoadContext } from "./load-context.ts";
import { baseUrl, proxyUrl } from "./url-fields.ts";

const LEAST_BUDGET = 10;
const DEFAULT_BUDGET = 600;

/** Whether a budget of several replicas is what one of them gets of the default or of Cloudflare's limit, or less. */
function isDividedByHand(budget: number, replicas: number): boolean {
  if (replicas === 1 || budget === DEFAULT_BUDGET) return false;
  return (
    budget <= Math.ceil(DEFAULT_BUDGET / replicas) ||
    Math.floor(CLOUDFLARE_LIMIT.requests / replicas) === budget
  );
}

/** The section `api`. */
export function apiSchema(context: LoadContext) {
  const warnOfBudget = rule<{ readonly budget: number }>(["budget"], ({ budget }) => {
    if (budget <= CLOUDFLARE_LIMIT.requests) return;
    const message = `${budget} is over the ${CLOUDFLARE_LIMIT.requests} requests in 5 minutes that Cloudflare allows unless agreed otherwise; beyond its limit it refuses everything for 5 minutes, the dashboards of the same user too`;
    context.warnings.push({ path: ["api", "budget"], message });
  });
  const divide = rule<{ readonly budget: number }>(["budget"], ({ budget }, report) => {
    const { replicas, warnings } = context;
    const share = shareOf(budget, replicas);
    if (share < LEAST_BUDGET) {
      const least = LEAST_BUDGET * replicas;
      report(["budget"], `expected at least ${least}, ${LEAST_BUDGET} for each of ${replicas} replicas`);
    } else if (isDividedByHand(budget, replicas)) {
      const message = `${budget} looks like the part of one of ${replicas} replicas. It is divided among them by --replica, so that each may send ${share}: write here what all may send together`;
      warnings.push({ path: ["api", "budget"], message });
    }
  });
  const keys = z.strictObject({
    base_url: baseUrl()
      .prefault("https://api.cloudflare.com/client/v4")
      .describe("Root of Cloudflare's API; https, or http on a loopback address."),
    budget: wholeNumber(LEAST_BUDGET, 100_000)
      .default(DEFAULT_BUDGET)
      .describe(
        `Requests per credential in any 5 minutes. Cloudflare's own limit is ${CLOUDFLARE_LIMIT.requests}, shared with people's dashboards. Of all replicas together: with --replica each takes its part.`,
      ),
    ca_file: certificateFile(context).describe(
      "File with further CA certificates (PEM), trusted beside the usual ones.",
    ),
    proxy_url: proxyUrl().describe(
      "HTTP proxy on the way to the API, with user and password where it wants them. Default: HTTPS_PROXY and NO_PROXY of the environment.",
    ),
  });
  return section(
    z.codec(keys.check(warnOfBudget, divide), z.custom<ApiConfig>(), {
      decode: ({ base_url, budget, ca_file, proxy_url }): ApiConfig => ({
        baseUrl: base_url,
        budgetRequests: budget,
        ca: ca_file,
        proxyUrl: proxy_url,
      }),
      encode: (api) => ({
        base_url: api.baseUrl,
        budget: api.budgetRequests,
        ca_file: api.ca,
        proxy_url: api.proxyUrl,
      }),
    }),
  ).describe("How Cloudflare's API is reached.");
}

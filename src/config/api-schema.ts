import { z } from "zod";
import { CLOUDFLARE_LIMIT } from "../base/cloudflare-limit.ts";
import { rule } from "../document/rule.ts";
import { certificateFile } from "./certificate-file.ts";
import type { ApiConfig } from "./config.ts";
import { section, wholeNumber } from "./fields.ts";
import type { LoadContext } from "./load-context.ts";
import { baseUrl, proxyUrl } from "./url-fields.ts";

/** The section `api`. */
export function apiSchema(context: LoadContext) {
  const warnOfBudget = rule<{ readonly budget: number }>(["budget"], ({ budget }) => {
    if (budget <= CLOUDFLARE_LIMIT.requests) return;
    const message = `${budget} is over the ${CLOUDFLARE_LIMIT.requests} requests in 5 minutes that Cloudflare allows unless agreed otherwise; beyond its limit it refuses everything for 5 minutes, the dashboards of the same user too`;
    context.warnings.push({ path: ["api", "budget"], message });
  });
  const keys = z.strictObject({
    base_url: baseUrl()
      .prefault("https://api.cloudflare.com/client/v4")
      .describe("Root of Cloudflare's API; https, or http on a loopback address."),
    budget: wholeNumber(10, 100_000)
      .default(600)
      .describe(
        `Requests per credential in any 5 minutes. Cloudflare's own limit is ${CLOUDFLARE_LIMIT.requests}, shared with people's dashboards; replicas divide theirs among them.`,
      ),
    ca_file: certificateFile(context).describe(
      "File with further CA certificates (PEM), trusted beside the usual ones.",
    ),
    proxy_url: proxyUrl().describe(
      "HTTP proxy on the way to the API, with user and password where it wants them. Default: HTTPS_PROXY and NO_PROXY of the environment.",
    ),
  });
  return section(
    z.codec(keys.check(warnOfBudget), z.custom<ApiConfig>(), {
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

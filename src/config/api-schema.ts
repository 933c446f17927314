import { z } from "zod";
import { certificateFile } from "./certificate-file.ts";
import { baseUrl, section, wholeNumber } from "./fields.ts";
import type { NamedFiles } from "./named-files.ts";
import { proxyUrl } from "./proxy-url.ts";

/** The section `api`; the file with certificates is read while it is parsed, relative to the folder. */
export function apiSchema(files: NamedFiles) {
  return section(
    z.strictObject({
      base_url: baseUrl()
        .prefault("https://api.cloudflare.com/client/v4")
        .describe("Root of Cloudflare's API; https, or http on a loopback address."),
      budget: wholeNumber(10, 100_000)
        .default(600)
        .describe(
          "Requests per credential in any 5 minutes. Cloudflare's own limit is 1200, shared with people's dashboards; replicas divide theirs among them.",
        ),
      ca_file: certificateFile(files).describe(
        "File with further CA certificates (PEM), trusted beside the usual ones.",
      ),
      proxy_url: proxyUrl().describe(
        "HTTP proxy on the way to the API, with user and password where it wants them. Default: HTTPS_PROXY and NO_PROXY of the environment.",
      ),
    }),
  ).describe("How Cloudflare's API is reached.");
}

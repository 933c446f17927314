/** The hidden variable of every dashboard that holds where people reach the exporter. */
export const EXPORTER_URL = "exporter_url";

/** Where the runbooks are: the exporter serves its own. */
export const RUNBOOKS_URL = `\${${EXPORTER_URL}:raw}/runbooks`;

/** Stable addresses: alerts and bookmarks point at them. */
export const UIDS = {
  overview: "cloudflare-interconnect-overview",
  detail: "cloudflare-interconnect-detail",
  exporter: "cloudflare-interconnect-exporter",
} as const;

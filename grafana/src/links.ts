/**
 * Where the runbooks are. A placeholder: the rules and these dashboards name it alike, so that one command replaces
 * it everywhere (see the README of `deploy/`).
 */
export const RUNBOOKS_URL = "https://runbooks.example.com/cloudflare-interconnect";

/** Stable addresses: alerts and bookmarks point at them. */
export const UIDS = {
  overview: "cloudflare-interconnect-overview",
  detail: "cloudflare-interconnect-detail",
  exporter: "cloudflare-interconnect-exporter",
} as const;

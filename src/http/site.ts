/** Under which paths the routes are, here and as clients see them through a reverse proxy. */
export interface Site {
  /** Before every route: `""` or `/prefix`. */
  readonly routePrefix: string;
  /** Before every path in a link: `""` or `/prefix`. */
  readonly linkPrefix: string;
  /** Scheme, host and port of the external URL; undefined when it is only a path, or not given. */
  readonly externalOrigin: string | undefined;
}

export interface ExternalUrl {
  readonly origin: string | undefined;
  /** `""` or `/path`. */
  readonly path: string;
}

/** Reads `--web.external-url`, a whole URL or its path alone as Prometheus takes them; undefined when it is neither. */
export function parseExternalUrl(text: string): ExternalUrl | undefined {
  if (/["'\s]/.test(text)) return undefined;
  const url = URL.parse(text, "http://path.only");
  if (url === null || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "")
    return undefined;
  const path = parsePrefix(url.pathname);
  if (path === undefined) return undefined;
  if (text.startsWith("/") && !text.startsWith("//")) return { origin: undefined, path };
  return /^https?:\/\//i.test(text) ? { origin: url.origin, path } : undefined;
}

/** Reads `--web.route-prefix`: `/` and slashes at the ends do not count; undefined when it is no path. */
export function parsePrefix(text: string): string | undefined {
  const trimmed = text.replaceAll(/^\/+|\/+$/g, "");
  if (trimmed === "") return "";
  return /^[\w.~-]+(?:\/[\w.~-]+)*$/.test(trimmed) ? `/${trimmed}` : undefined;
}

/** The site for these flags; the route prefix is the external URL's path unless it is given. */
export function siteOf(external: ExternalUrl | undefined, routePrefix: string | undefined): Site {
  const prefix = routePrefix ?? external?.path ?? "";
  return {
    routePrefix: prefix,
    linkPrefix: external?.path ?? prefix,
    externalOrigin: external?.origin,
  };
}

import { parseDuration } from "../base/duration.ts";
import { parseExternalUrl, parsePrefix, type Site, siteOf } from "../http/site.ts";

/** Wrong usage: the message says what was expected; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** `--web.external-url` and `--web.route-prefix`. Throws a UsageError. */
export function readSite(externalUrl: string | undefined, routePrefix: string | undefined): Site {
  const external = externalUrl === undefined ? undefined : parseExternalUrl(externalUrl);
  if (externalUrl !== undefined && external === undefined)
    throw new UsageError(
      `--web.external-url: expected a URL such as https://example.com/exporter, got "${externalUrl}"`,
    );
  const prefix = routePrefix === undefined ? undefined : parsePrefix(routePrefix);
  if (routePrefix !== undefined && prefix === undefined)
    throw new UsageError(`--web.route-prefix: expected a path such as /exporter, got "${routePrefix}"`);
  return siteOf(external, prefix);
}

/** `--from`, without a slash at the end. Throws a UsageError. */
export function readFrom(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new UsageError(`--from: expected a URL such as http://localhost:13335, got "${text}"`);
  }
  // Whoever lists processes sees the command line.
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("--from: expected a URL without user and password: they go in --http.config.file");
  }
  return url.href.replace(/\/+$/, "");
}

/** A flag that takes a duration, in milliseconds. Throws a UsageError. */
export function readDuration(flag: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new UsageError(`--${flag}: expected a duration such as 10s, got "${text}"`);
}

/** What other routes answer. */
const OTHER_PATHS = /^\/(?:-\/|(?:api|assets|interconnects|runbooks)(?:\/|$)|(?:config|events|probe|sd)$)/;

/** `--web.telemetry-path`. Throws a UsageError. */
export function readTelemetryPath(text: string): string {
  if (/^\/[\w.~/-]+$/.test(text) && !OTHER_PATHS.test(text)) return text;
  throw new UsageError(`--web.telemetry-path: expected a path such as /metrics, got "${text}"`);
}

/** `--web.max-requests`; Infinity for 0. Throws a UsageError. */
export function readMaxRequests(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) === 0 ? Number.POSITIVE_INFINITY : Number(text);
  throw new UsageError(`--web.max-requests: expected a whole number from 0, got "${text}"`);
}

/** A flag that takes one of these words. Throws a UsageError. */
export function readChoice<T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === text);
  if (chosen !== undefined) return chosen;
  const expected = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
  throw new UsageError(`--${flag}: expected ${expected}, got "${text}"`);
}

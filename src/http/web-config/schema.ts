import { z } from "zod";
import { holdsSecret } from "../../base/credential-shape.ts";
import type { Path } from "../../document/path.ts";
import { rule } from "../../document/rule.ts";
import { costOf, LEAST_COST, MOST_COST } from "./bcrypt-hash.ts";
import { parseGoDuration } from "./go-duration.ts";
import { HTTP2_SUITES } from "./go-tls-names.ts";
import { type TlsFile, tlsSchema } from "./tls-schema.ts";

const headerValue = z
  .string({ error: "expected text" })
  .refine((text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text), {
    error: "a header's value cannot hold control characters or letters beyond Latin-1",
  });

const headersSchema = z.strictObject({
  "Content-Security-Policy": headerValue.optional(),
  "X-Frame-Options": z.enum(["deny", "sameorigin"]).optional(),
  "X-Content-Type-Options": z.enum(["nosniff"]).optional(),
  "X-XSS-Protection": headerValue.optional(),
  "Strict-Transport-Security": headerValue.optional(),
});

const NOT_A_HASH =
  "expected a bcrypt hash that starts with $2a$, $2b$ or $2y$, as `htpasswd -nBC 10 alice` prints after the colon";

const hash = z.string({ error: NOT_A_HASH }).superRefine((text, context) => {
  const cost = costOf(text);
  if (cost !== undefined && cost >= LEAST_COST && cost <= MOST_COST) return;
  const message =
    cost === undefined
      ? NOT_A_HASH
      : `expected a bcrypt cost from ${LEAST_COST} to ${MOST_COST}, got ${cost}`;
  context.addIssue({ code: "custom", message });
});

const userName = z.string().refine((name) => !name.includes(":"), {
  error: "a user name cannot hold a colon, since basic authentication separates name and password by it",
});

const INTERVAL = "expected a duration such as 1s or 500ms, or 0";

const rateLimitSchema = z
  .strictObject({
    interval: z.string({ error: INTERVAL }).transform((text, context) => {
      const ms = parseGoDuration(text);
      if (ms !== undefined) return ms;
      context.addIssue({ code: "custom", message: INTERVAL });
      return z.NEVER;
    }),
    burst: z.int({ error: "expected a whole number" }).default(0),
  })
  .check(
    rule(["interval", "burst"], ({ interval, burst }: { interval: number; burst: number }, report) => {
      if (interval > 0 && burst < 1)
        report(["burst"], "burst must be at least 1, or every request would be refused");
    }),
  );

/** The exporter-toolkit's file format, https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md */
export const webConfigSchema = z
  .strictObject({
    tls_server_config: z.nullable(tlsSchema).optional(),
    http_server_config: z
      .nullable(
        z.strictObject({
          http2: z.boolean().default(true),
          headers: z.nullable(headersSchema).optional(),
        }),
      )
      .optional(),
    basic_auth_users: z.nullable(z.record(userName, hash)).optional(),
    rate_limit: z.nullable(rateLimitSchema).optional(),
  })
  .check(
    rule(["tls_server_config", "http_server_config"], (value: WebConfigFile, report) => {
      const tls = value.tls_server_config;
      const suites = tls?.cipher_suites ?? [];
      if (value.http_server_config?.http2 === false || tls?.min_version === "TLS13" || suites.length === 0)
        return;
      if (!suites.some((suite) => HTTP2_SUITES.includes(suite)))
        report(
          ["tls_server_config", "cipher_suites"],
          `${HTTP2_SUITES.join(" or ")} is required for HTTP/2; add it, or set http_server_config.http2 to false`,
        );
    }),
  );

export interface WebConfigFile {
  readonly tls_server_config?: TlsFile | null | undefined;
  readonly http_server_config?:
    | { readonly http2: boolean; readonly headers?: z.output<typeof headersSchema> | null | undefined }
    | null
    | undefined;
  readonly basic_auth_users?: Readonly<Record<string, string>> | null | undefined;
  readonly rate_limit?: { readonly interval: number; readonly burst: number } | null | undefined;
}

/** What no problem may show: hashes, the key, and what looks like a secret in the wrong place. */
export function isHidden(path: Path, value: unknown): boolean {
  if (path[0] === "basic_auth_users" || path.at(-1) === "key") return true;
  return typeof value === "string" && holdsSecret(value);
}

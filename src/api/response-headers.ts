/** Header names in lower case, as Node and undici give them; a repeated header is a list. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The header's value, the first one when it was repeated. */
export function headerOf(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.[0];
}

/** Cloudflare's id of the request (`CF-Ray`), when it looks like one. */
export function cfRayOf(headers: ResponseHeaders): string | undefined {
  const ray = headerOf(headers, "cf-ray");
  return ray !== undefined && /^[\w-]{1,64}$/.test(ray) ? ray : undefined;
}

/**
 * Requests left by the `Ratelimit` header (`"default";r=50;t=30`, IETF draft), the fewest of its policies.
 * Informational: the value is known not to follow the real limit.
 */
export function rateLimitRemainingOf(headers: ResponseHeaders): number | undefined {
  const unquoted = headerOf(headers, "ratelimit")?.replaceAll(/"[^"]*"/g, "") ?? "";
  const counts = Array.from(unquoted.matchAll(/[;,\s]r\s*=\s*(\d{1,15})(?!\d)/g), ([, digits]) =>
    Number(digits),
  );
  return counts.length === 0 ? undefined : Math.min(...counts);
}

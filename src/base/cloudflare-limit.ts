/**
 * What Cloudflare allows a user or a token, all that they do taken together, in any window of this length; one request
 * more and it refuses everything for a whole window (docs: fundamentals/api/reference/limits).
 */
export const CLOUDFLARE_LIMIT = { requests: 1200, windowMs: 300_000 } as const;

import { createHmac, timingSafeEqual } from "node:crypto";
import type { WebSettings } from "../web-config/settings.ts";

const SCHEME = "Healthcheck ";

/**
 * The `Authorization` by which the healthcheck command shows that it reads the same web config: passwords are
 * not in there, so it has none to send. Good for `/-/healthy` alone.
 */
export function healthProof({ users }: Pick<WebSettings, "users">): string {
  const secret = JSON.stringify([...users].map(([name, hash]) => [name, hash.reveal()]));
  return SCHEME + createHmac("sha256", secret).update("healthcheck").digest("hex");
}

/** Whether the header is that proof. */
export function isHealthProof(header: string | undefined, settings: Pick<WebSettings, "users">): boolean {
  if (header?.startsWith(SCHEME) !== true) return false;
  const expected = Buffer.from(healthProof(settings));
  const given = Buffer.from(header);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

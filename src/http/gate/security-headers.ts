/** On every response. The pages need nothing from anywhere else; nobody else's page needs to show or read ours. */
const OURS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "deny",
};

/** Our headers, overridden by those of the web config; one that is empty there is left out. */
export function securityHeaders(
  configured: Readonly<Record<string, string | undefined>> = {},
): readonly (readonly [name: string, value: string])[] {
  return Object.entries({ ...OURS, ...configured }).flatMap(([name, value = ""]) =>
    value === "" ? [] : [[name, value] as const],
  );
}

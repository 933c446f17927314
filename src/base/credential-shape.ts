/**
 * Cloudflare's credentials: prefixed ones, old global keys, old tokens, Origin CA keys; also inside longer text. See
 * https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/
 */
const CREDENTIAL =
  /cf(?:ut|at|k)_\w{8,}|v1\.0-[0-9a-f]{24}-[0-9a-f]{40,}|(?<![\w-])(?:[0-9a-f]{37,45}|[\w-]{40})(?![\w-])/g;

/** Whether the text holds one of Cloudflare's credentials, by its form. */
export function holdsCredential(text: string): boolean {
  return text.search(CREDENTIAL) !== -1;
}

/** The text with `<secret>` for whatever has the form of one of Cloudflare's credentials. */
export function hideCredentials(text: string): string {
  return text.replaceAll(CREDENTIAL, "<secret>");
}

/** What came along when the credential was copied, so that the API would refuse it; undefined when nothing did. Quotes nothing of it. */
export function credentialFault(text: string): string | undefined {
  if (/^bearer\s/i.test(text)) return "expected the credential alone, without Bearer before it";
  if (/^(?:export\s+)?[A-Za-z_]\w*=./.test(text))
    return "expected the credential alone, without NAME= before it";
  if (/["'`]/.test(text)) return "expected the credential alone, without quotes";
  if (text.startsWith("$"))
    return "expected the credential itself, or ${NAME} for the variable that holds it";
  return undefined;
}

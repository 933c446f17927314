/**
 * Cloudflare's credentials: prefixed ones, old global keys, old tokens (which have a capital somewhere in their 40 characters),
 * Origin CA keys; also inside longer text. See
 * https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/
 */
const CREDENTIAL =
  /cf(?:ut|at|k)_\w{8,}|v1\.0-[0-9a-f]{24}-[0-9a-f]{40,}|(?<![\w-])(?:[0-9a-f]{37,45}|(?=[\w-]*[A-Z])[\w-]{40})(?![\w-])/g;

/** What of a text is secret by what stands around it, whatever its own form; and the forms of other programs' secrets. In a URL their spaces are `%20`. */
const OTHERS: readonly RegExp[] = [
  // The first two look-arounds are for the time it takes: without them each of many spaces looks back over all of them.
  /(?<=\s|%20)(?!\s|%20)(?<=\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC)(?:\s|%20)+)(?=[\w.~+/=-]*[A-Z\d])[\w.~+/=-]{8,}/g,
  /(?<=(?:token|api_?key|secret|password|passwd)=["']?)[^\s"'&;,<]{4,}/gi,
  /(?<=:\/\/)[^\s/@"'<:]*:[^\s/@"'<]+(?=@)/g,
  /-----BEGIN(?: |%20)(?:[A-Z ]|%20)*PRIVATE(?: |%20)KEY-----(?:[\s\S]*?-----END(?: |%20)(?:[A-Z ]|%20)*PRIVATE(?: |%20)KEY-----|[\s\S]*)/g,
  /\$2[abxy]\$\d\d\$[./\w]{8,}/g,
  /(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g,
];

/** Whether the text holds one of Cloudflare's credentials, by its form. */
export function holdsCredential(text: string): boolean {
  return text.search(CREDENTIAL) !== -1;
}

/** Whether the text holds anything that `hideSecrets` takes out. */
export function holdsSecret(text: string): boolean {
  return holdsCredential(text) || OTHERS.some((shape) => text.search(shape) !== -1);
}

/** The text with `<secret>` for whatever has the form of a credential, Cloudflare's or another's. */
export function hideSecrets(text: string): string {
  return [CREDENTIAL, ...OTHERS].reduce((left, shape) => left.replaceAll(shape, "<secret>"), text);
}

/** What stands where a credential is to be filled in. */
const PLACEHOLDER =
  /^(?:<.*>|\{\{.*|\[.*\]|%\w+%|([x*.#])\1{2,}|redacted|change[-_ ]?me|replace[-_ ]?me|your[-_ ].*|(?:var|local|data|secrets?)\..*)$/i;

/** What came along when the credential was copied, or stands in its place, so that the API would refuse it; undefined when nothing did. Quotes nothing of it. */
export function credentialFault(text: string): string | undefined {
  if (/^(?:authorization|x-auth-key|cookie):/i.test(text))
    return "expected the credential alone, without the header's name before it";
  if (/^bearer\s/i.test(text)) return "expected the credential alone, without Bearer before it";
  if (/^(?:export\s+)?[A-Za-z_]\w*=./.test(text))
    return "expected the credential alone, without NAME= before it";
  if (PLACEHOLDER.test(text)) return "expected the credential itself, got what stands in its place";
  if (/["'`]/.test(text)) return "expected the credential alone, without quotes";
  if (text.startsWith("$"))
    return "expected the credential itself, or ${NAME} for the variable that holds it";
  return undefined;
}

/** Whether it has the form of the other kind of credential, which Cloudflare takes in other headers. */
export function otherKindFault(text: string, kind: "api_token" | "api_key"): string | undefined {
  if (kind === "api_token" && /^(?:cfk_\w{8,}|[0-9a-f]{37})$/.test(text))
    return "expected an API token, got a global API key; it goes in api_key, beside api_email";
  if (kind === "api_key" && /^cf[ua]t_\w{8,}$/.test(text))
    return "expected a global API key, got an API token; it goes in api_token, without api_email";
  return undefined;
}

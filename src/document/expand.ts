export type Environment = Readonly<Record<string, string | undefined>>;

export interface Expansion {
  readonly text: string;
  /** What went wrong, one message each; the text is of no use then. */
  readonly messages: readonly string[];
}

/** In this order: the escape, a well-formed reference, and any other `${`, which is a mistake. */
const REFERENCE = /\$\$\{|\$\{(?<name>[A-Za-z_]\w*)(?::-(?<fallback>[^{}]*))?\}|\$\{/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` by the environment's values; `$${` becomes a literal `${`.
 * As in a shell, the default also stands in for an empty variable. What a value holds is not expanded again.
 */
export function expandVariables(text: string, env: Environment): Expansion {
  /** Each once, however often the same slip is in the text. */
  const messages = new Set<string>();
  const expanded = text.replaceAll(REFERENCE, (match: string, ...rest: readonly unknown[]) => {
    const groups = rest.at(-1) as { readonly name?: string; readonly fallback?: string };
    if (match === "$${") return "${";
    if (groups.name === undefined) {
      messages.add("expected ${NAME} or ${NAME:-default} after a $; write $${ for a literal ${");
      return match;
    }
    // A variable that was filled from a file often ends as the file does.
    const value = env[groups.name]?.replace(/[\r\n]+$/, "");
    if (groups.fallback !== undefined) return value === undefined || value === "" ? groups.fallback : value;
    if (value === undefined) messages.add(`environment variable ${groups.name} is not set`);
    return value ?? match;
  });
  return { text: expanded, messages: [...messages] };
}

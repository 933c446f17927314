import { Document } from "yaml";

/**
 * Plain values as a YAML document, under a comment. With variables expanded, `readDocument` gives the same values
 * again, whatever their texts hold; keys are not expanded, so they must hold no `${`.
 */
export function writeDocument(value: unknown, comment: string): string {
  const document = new Document(escapeVariables(value), { aliasDuplicateObjects: false });
  document.commentBefore = comment;
  return document.toString({ lineWidth: 0, blockQuote: false });
}

function escapeVariables(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("${", () => "$${");
  if (Array.isArray(value)) return value.map(escapeVariables);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escapeVariables(inner)]));
}

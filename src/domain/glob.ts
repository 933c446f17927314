/**
 * A glob as a RegExp for a whole text, case-sensitive: `*` is any run of characters, `?` any one, all else
 * itself. Each piece between two stars is taken at its first place and never looked for again, so that no
 * pattern makes the match slower than the text's length times the pattern's.
 */
export function globToRegExp(pattern: string): RegExp {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail === undefined) return new RegExp(`^${literal(head)}$`, "su");
  const middle = rest
    .filter((piece) => piece !== "")
    // A lookahead is never entered twice: what it captured is what comes next.
    .map((piece, index) => `(?=(?<p${index}>.*?${literal(piece)}))\\k<p${index}>`);
  return new RegExp(`^${literal(head)}${middle.join("")}.*${literal(tail)}$`, "su");
}

/** A piece without stars as the source of a RegExp. */
function literal(piece: string): string {
  return piece.replaceAll(/[\\^$.+()[\]{}|/]/g, String.raw`\$&`).replaceAll("?", ".");
}

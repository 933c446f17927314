/**
 * A pattern that finds `source` as whole words of an interconnect's name: `flap` is in `icon-lhr-02-flap`
 * and not in `flapjack-01`. Groups in `source` are kept.
 */
export function sentinel(source: string): RegExp {
  return new RegExp(`(?<![a-z0-9])(?:${source})(?![a-z0-9])`, "i");
}

/** The number in the pattern's first group; undefined when the name does not match. */
export function numberIn(pattern: RegExp, name: string): number | undefined {
  const text = Object.values(pattern.exec(name)?.groups ?? {})[0];
  return text === undefined ? undefined : Number(text);
}

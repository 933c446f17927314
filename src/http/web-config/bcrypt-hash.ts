/** A hash as htpasswd and the bcrypt libraries write it: version, cost, 22 characters of salt, 31 of digest. */
const HASH = /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53}$/;

export const LEAST_COST = 4;
/** A password takes about a minute at this one; each further step doubles it. */
export const MOST_COST = 20;

/** The cost of a bcrypt hash, that is the binary logarithm of its rounds; undefined when the text is no such hash. */
export function costOf(hash: string): number | undefined {
  const cost = HASH.exec(hash)?.groups?.["cost"];
  return cost === undefined ? undefined : Number(cost);
}

/** A hash that takes as long as any other of its cost and that no known password has. */
export function dummyHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, "0")}$${".".repeat(53)}`;
}

/**
 * The hashes to compute for one attempt in vain, so that all take equally long whoever the user is. Unknown: one
 * dummy of the highest cost. Known with a lower cost c: its own, then dummies of c, c+1, ... below the highest,
 * since 2^c + 2^c + 2^(c+1) + ... = 2^highest.
 */
export function hashesInVain(hash: string | undefined, highestCost: number): readonly string[] {
  if (hash === undefined) return [dummyHash(highestCost)];
  const cost = costOf(hash) ?? highestCost;
  const rest = Array.from({ length: Math.max(0, highestCost - cost) }, (_, index) => dummyHash(cost + index));
  return [hash, ...rest];
}

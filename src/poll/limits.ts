import pLimit from "p-limit";

/** A bound on what runs at once. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * One limiter per distinct credential, the slots divided evenly among them, so that an account that hangs
 * holds up no other. Throws a RangeError when there are fewer slots than credentials.
 */
export function createLimits(
  concurrency: number,
  credentials: readonly string[],
): (credential: string) => Limit {
  const distinct = [...new Set(credentials)];
  if (concurrency < distinct.length) {
    throw new RangeError(`Expected a slot for each of ${distinct.length} credentials, got ${concurrency}`);
  }
  const each = Math.floor(concurrency / distinct.length);
  const spare = concurrency % distinct.length;
  const limits = new Map(
    distinct.map((credential, index) => [credential, pLimit(each + (index < spare ? 1 : 0))]),
  );
  return (credential) => {
    const limit = limits.get(credential);
    if (limit === undefined) throw new RangeError("Expected a credential of the configuration");
    return limit;
  };
}

import { createHmac } from "node:crypto";
import { loadBcrypt } from "../web-config/bcrypt.ts";
import { hashesInVain } from "../web-config/bcrypt-hash.ts";

/** Whether the password has this bcrypt hash; must leave the event loop alone. */
type Compare = (password: Buffer, hash: string) => Promise<boolean>;

export interface Attempt {
  readonly user: string;
  readonly password: Buffer;
  /** The user's hash; undefined when there is no such user. */
  readonly hash: string | undefined;
  /** The highest cost of all users' hashes: what an attempt in vain takes. */
  readonly highestCost: number;
}

export type PasswordResult = "right" | "wrong" | "busy";

export interface PasswordCheckOptions {
  /** That of bcrypt runs in libuv's thread pool. */
  readonly compare?: Compare;
  /** Random bytes of this process, so that nobody can compute a key of the cache. */
  readonly key: Buffer;
}

/** As many right pairs as users, in practice. */
const MOST_RIGHT = 256;
const MOST_WRONG = 1024;
/** At cost 10 the last in the queue waits some 8 s, within a scrape's usual timeout. */
const MOST_WAITING = 128;

/**
 * Checks passwords one at a time, each pair once. A right pair that was checked before is answered at once, however
 * many wrong ones wait; wrong ones are remembered apart, so that no number of them drives a right one out.
 */
export function createPasswordCheck({
  compare = async (password, hash) => await (await loadBcrypt()).verify(password, hash),
  key,
}: PasswordCheckOptions): (attempt: Attempt) => Promise<PasswordResult> {
  const right = new Set<string>();
  const wrong = new Set<string>();
  const underWay = new Map<string, Promise<PasswordResult>>();
  let turn: Promise<unknown> = Promise.resolve();

  async function compute({ password, hash, highestCost }: Attempt): Promise<PasswordResult> {
    const [first, ...rest] = hashesInVain(hash, highestCost);
    const isRight = first !== undefined && (await compare(password, first)) && hash !== undefined;
    if (isRight) return "right";
    for (const dummy of rest) await compare(password, dummy);
    return "wrong";
  }

  return async (attempt) => {
    const pair = pairKey(key, attempt);
    if (right.has(pair)) {
      remember(right, pair, MOST_RIGHT);
      return "right";
    }
    if (wrong.has(pair)) return "wrong";
    const shared = underWay.get(pair);
    if (shared !== undefined) return await shared;
    if (underWay.size >= MOST_WAITING) return "busy";
    const result = turn.then(() => compute(attempt));
    turn = result.catch(() => undefined);
    underWay.set(pair, result);
    try {
      const known = await result;
      if (known === "right") remember(right, pair, MOST_RIGHT);
      else remember(wrong, pair, MOST_WRONG);
      return known;
    } finally {
      underWay.delete(pair);
    }
  };
}

/** One key for one triple and no other: each part is preceded by its length. */
function pairKey(key: Buffer, { user, password, hash = "", highestCost }: Attempt): string {
  const hmac = createHmac("sha256", key);
  for (const part of [Buffer.from(user), password, Buffer.from(hash), Buffer.from(String(highestCost))])
    hmac.update(`${part.length}:`).update(part);
  return hmac.digest("base64");
}

/** A set keeps the order of adding: the first is the one not seen for longest. */
function remember(pairs: Set<string>, pair: string, most: number): void {
  pairs.delete(pair);
  pairs.add(pair);
  const [oldest] = pairs;
  if (pairs.size > most && oldest !== undefined) pairs.delete(oldest);
}

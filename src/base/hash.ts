/**
 * 32-bit hash of a string: FNV-1a over UTF-16 code units, then MurmurHash3's finalizer, without which
 * keys that differ in their last character alone (`icon-01`, `icon-02`) land side by side.
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The hash as a fraction in [0, 1). */
export function hashFraction(text: string): number {
  return hash32(text) / 2 ** 32;
}

import { hash32, hashFraction } from "../base/hash.ts";

/** 32 lowercase hex digits that depend on the text alone: the form of Cloudflare's ids. */
export function hexId(text: string): string {
  return [0, 1, 2, 3].map((part) => hash32(`${part}/${text}`).toString(16).padStart(8, "0")).join("");
}

/** A version 4 UUID that depends on the text alone. */
export function uuidOf(text: string): string {
  const hex = hexId(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The element that the text's hash points at. */
export function pick<T>(text: string, first: T, ...others: readonly T[]): T {
  const index = Math.floor(hashFraction(text) * (others.length + 1));
  const other = others[index - 1];
  return other === undefined ? first : other;
}

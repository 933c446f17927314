import { Secret } from "../base/secret.ts";

/** Freezes the value and all within it, and returns it. A RegExp and a Secret stay as they are. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || value instanceof RegExp || value instanceof Secret)
    return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

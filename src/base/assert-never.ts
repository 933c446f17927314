/** For the branch that the type system has proven unreachable. Throws a TypeError if the proof was wrong. */
export function assertNever(value: never): never {
  throw new TypeError(`Unexpected value: ${JSON.stringify(value)}`);
}

/** `make` with a memory of one: the same argument as the last time, by identity, gives the same result. */
export function rememberLast<Source extends object, Result>(
  make: (source: Source) => Result,
): (source: Source) => Result {
  let last: { readonly source: Source; readonly result: Result } | undefined;
  return (source) => {
    if (last?.source !== source) last = { source, result: make(source) };
    return last.result;
  };
}

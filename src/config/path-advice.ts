/** What to do about a path that only a shell or a browser would understand, as the end of a sentence; `""` for others. */
export function pathAdvice(name: string): string {
  if (/^~[\w-]*\//.test(name)) return "; ~ is a shell's: write the whole path";
  if (/^\$\w/.test(name)) return "; write a variable as ${NAME}";
  if (/^[a-z]+:\/\//i.test(name)) return "; expected a path, not a URL";
  return /^["'].*["']$/.test(name) ? "; take the inner quotes away" : "";
}

/** Messages for what the operating system says most often. */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links go in a circle",
  ENOENT: "no such file",
  ENOTDIR: "no such file",
};

/** What the operating system's error means, in a few words. */
export function fileErrorText(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return FILE_ERRORS[code] ?? code;
}

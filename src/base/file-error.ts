import { NoRegularFileError } from "./regular-file.ts";

/** Messages for what the operating system says most often. */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links go in a circle",
  ENOENT: "no such file",
  ENOTDIR: "no such file",
};

/** What says nothing about the file: this machine, or the one it lies on, is short of something. */
const SHORTAGES: Readonly<Record<string, string>> = {
  EAGAIN: "this machine is short of resources (EAGAIN)",
  EHOSTDOWN: "its file server does not answer (EHOSTDOWN)",
  EIO: "its disk failed (EIO)",
  EMFILE: "this process has too many files open (EMFILE)",
  ENFILE: "this machine has too many files open (ENFILE)",
  ENOBUFS: "this machine is short of memory (ENOBUFS)",
  ENOMEM: "this machine is short of memory (ENOMEM)",
  ENOTCONN: "its file server is gone (ENOTCONN)",
  EREMOTEIO: "its file server failed (EREMOTEIO)",
  ESTALE: "its file server has lost it (ESTALE)",
  ETIMEDOUT: "its file server does not answer (ETIMEDOUT)",
};

/** What the operating system's error means, in a few words. */
export function fileErrorText(error: unknown): string {
  if (error instanceof NoRegularFileError) return error.message;
  const code = codeOf(error) ?? "unknown error";
  return FILE_ERRORS[code] ?? SHORTAGES[code] ?? code;
}

/** Whether the error, or what caused it, is a shortage: what was read of the file before still holds. */
export function isShortage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (codeOf(error) ?? "") in SHORTAGES || isShortage(error.cause);
}

/** What the operating system calls it, as `ENOENT`; undefined for other errors. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

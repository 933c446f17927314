import { credentialFault } from "./credential-shape.ts";
import { fileErrorText } from "./file-error.ts";
import { isOneWord } from "./one-word.ts";
import { readRegularFile } from "./regular-file.ts";

/** A file that holds a secret and nothing else but white space around it, as it was at one moment. */
export interface SecretFile {
  /** Without the white space around it: one word of printable ASCII. */
  readonly text: string;
  /** Differs for every other content and place of it; the same text may have several. */
  readonly version: string;
  readonly mode: number;
}

/** The file holds no secret; the message ends the sentence "Cannot use the file x: ...", without any content. */
export class SecretFileError extends Error {
  override readonly name = "SecretFileError";
  readonly fault: "unreadable" | "empty" | "not one word" | "not a credential";

  constructor(fault: SecretFileError["fault"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** Far more than any credential, far less than what hurts. */
const MOST_BYTES = 64 * 1024;

/** Reads it, symbolic links followed. Throws a SecretFileError. */
export async function readSecretFile(path: string): Promise<SecretFile> {
  const { bytes, stats } = await readRegularFile(path, MOST_BYTES).catch((error: unknown) => {
    throw new SecretFileError("unreadable", fileErrorText(error), { cause: error });
  });
  const text = bytes.toString("utf8").trim();
  if (text === "") throw new SecretFileError("empty", "it is empty");
  const fault = credentialFault(text);
  if (fault !== undefined) throw new SecretFileError("not a credential", fault);
  if (!isOneWord(text)) {
    throw new SecretFileError(
      "not one word",
      "expected one word of printable ASCII, got white space, control or other characters in it",
    );
  }
  const version = [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(":");
  return { text, version, mode: Number(stats.mode) & 0o777 };
}

import { resolve } from "node:path";
import { z } from "zod";
import { credentialFault, holdsCredential, otherKindFault } from "../base/credential-shape.ts";
import { isShortage } from "../base/file-error.ts";
import { isOneWord } from "../base/one-word.ts";
import { Secret } from "../base/secret.ts";
import { readSecretFile, SecretFileError } from "../base/secret-file.ts";
import type { SecretSource } from "../domain/credential.ts";
import type { LoadContext } from "./load-context.ts";
import { pathAdvice } from "./path-advice.ts";

const ONE_WORD_EXPECTED = "one word of printable ASCII characters";

/** A secret that stands in the config itself, or came there from the environment. */
export function inlineSecret(kind: "api_token" | "api_key") {
  const error = `expected ${ONE_WORD_EXPECTED}`;
  return z.codec(z.string({ error }).trim(), z.custom<SecretSource>(), {
    decode(text, context): SecretSource {
      const message =
        credentialFault(text) ?? otherKindFault(text, kind) ?? (isOneWord(text) ? undefined : error);
      if (message !== undefined) context.issues.push({ code: "custom", message, input: text });
      return { from: "inline", value: new Secret(text) };
    },
    encode: ({ value }) => String(value),
  });
}

export type FileSecret = Extract<SecretSource, { readonly from: "file" }>;

/** A file that holds a secret, read at once; relative to the folder. */
export function secretFile({ folder, secretFiles, shortFiles }: LoadContext, kind: "api_token" | "api_key") {
  return z.codec(z.string({ error: "expected the path of a file" }), z.custom<FileSecret>(), {
    async decode(name, context): Promise<FileSecret> {
      const path = resolve(folder, name);
      secretFiles.add(path);
      const file = await readSecretFile(path).catch((error: SecretFileError) => error);
      if (file instanceof SecretFileError && isShortage(file)) shortFiles.add(path);
      const message =
        file instanceof SecretFileError
          ? messageOf(file, name, kind)
          : faultIn(name, otherKindFault(file.text, kind));
      if (message !== undefined) context.issues.push({ code: "custom", message, input: name });
      if (file instanceof SecretFileError) return z.NEVER;
      return { from: "file", path, value: new Secret(file.text) };
    },
    encode: ({ path }) => path,
  });
}

function faultIn(name: string, fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `the file ${JSON.stringify(name)}: ${fault}`;
}

function messageOf({ fault, message }: SecretFileError, name: string, instead: string): string {
  const file = JSON.stringify(name);
  if (fault === "empty") return `the file ${file} is empty`;
  if (fault === "not a credential") return `the file ${file}: ${message}`;
  if (fault === "not one word") return `the file ${file} must hold ${ONE_WORD_EXPECTED}`;
  return holdsCredential(name)
    ? `expected the path of a file; the secret itself goes in ${instead}`
    : `cannot read ${file}: ${message}${pathAdvice(name)}`;
}

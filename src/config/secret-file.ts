import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { Secret } from "../base/secret.ts";
import type { SecretSource } from "./config.ts";
import { fileErrorText } from "../base/file-error.ts";
import { looksLikeCredential } from "./hidden.ts";
import type { NamedFiles } from "./named-files.ts";

/** What can be sent as a header's value and is one word. */
const ONE_WORD = /^[\x21-\x7e]+$/;
const ONE_WORD_EXPECTED = "one word of printable ASCII characters";

/** A secret that stands in the config itself, or came there from the environment. */
export function inlineSecret() {
  return z
    .string({ error: `expected ${ONE_WORD_EXPECTED}` })
    .transform((text) => text.trim())
    .refine((text) => ONE_WORD.test(text), { error: `expected ${ONE_WORD_EXPECTED}` })
    .transform((text): SecretSource => ({ from: "inline", value: new Secret(text) }));
}

/** A file that holds a secret and nothing else but white space around it; read at once. Relative to the folder. */
export function secretFile({ folder, secrets }: NamedFiles, instead: string) {
  return z
    .string({ error: "expected the path of a file" })
    .transform(async (name, context): Promise<SecretSource> => {
      const path = resolve(folder, name);
      secrets.add(path);
      const content = await readSecret(path);
      const message =
        content.error !== undefined && looksLikeCredential(name)
          ? `expected the path of a file; the secret itself goes in ${instead}`
          : fault(name, content);
      if (message !== undefined) context.addIssue({ code: "custom", message, input: name });
      return { from: "file", path, value: new Secret(content.text) };
    });
}

interface SecretContent {
  readonly text: string;
  readonly error?: unknown;
}

async function readSecret(path: string): Promise<SecretContent> {
  try {
    return { text: (await readFile(path, "utf8")).trim() };
  } catch (error) {
    return { text: "", error };
  }
}

function fault(name: string, { text, error }: SecretContent): string | undefined {
  const file = JSON.stringify(name);
  if (error !== undefined) return `cannot read ${file}: ${fileErrorText(error)}`;
  if (text === "") return `the file ${file} is empty`;
  return ONE_WORD.test(text) ? undefined : `the file ${file} must hold ${ONE_WORD_EXPECTED}`;
}

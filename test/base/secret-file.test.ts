import { execFileSync } from "node:child_process";
import { chmod, mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSecretFile } from "../../src/base/secret-file.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

const folder = await createTempFolder();
afterAll(() => folder[Symbol.asyncDispose]());
const at = (name: string): string => join(folder.path, name);

test("readSecretFile() gives the word in the file, its mode, and a version that another content changes", async () => {
  await writeFile(at("token"), " \tone-word\r\n\n");
  await chmod(at("token"), 0o640);
  const first = await readSecretFile(at("token"));
  expect(first).toMatchObject({ text: "one-word", mode: 0o640 });
  expect(await readSecretFile(at("token"))).toEqual(first);
  await writeFile(at("token"), "another");
  const second = await readSecretFile(at("token"));
  expect([second.text, second.version === first.version]).toEqual(["another", false]);
});

test("readSecretFile() tells a file that cannot be read from one that holds no secret", async () => {
  await mkdir(at("folder"));
  execFileSync("/usr/bin/mkfifo", [at("pipe")]);
  await writeFile(at("huge"), "");
  await truncate(at("huge"), 64 * 1024 + 1);
  await writeFile(at("empty"), " \n");
  await writeFile(at("words"), "CANARY CANARY");
  const cases = [
    ["none", "unreadable", "no such file"],
    ["folder", "unreadable", "it is a folder"],
    ["pipe", "unreadable", "expected a regular file, got a pipe or a device"],
    ["huge", "unreadable", "expected at most 65536 bytes, got 65537; is this the right file?"],
    ["empty", "empty", "it is empty"],
    [
      "words",
      "not one word",
      "expected one word of printable ASCII, got white space, control or other characters in it",
    ],
  ] as const;
  for (const [name, fault, message] of cases)
    await expect(readSecretFile(at(name))).rejects.toMatchObject({ name: "SecretFileError", fault, message });
});

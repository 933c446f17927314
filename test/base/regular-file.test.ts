import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileErrorText } from "../../src/base/file-error.ts";
import { readRegularFile } from "../../src/base/regular-file.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

test("readRegularFile() reads a file, and refuses at once what is none and what is too large", async () => {
  await using folder = await createTempFolder({ file: "four" });
  const at = (name: string): string => join(folder.path, name);
  await mkdir(at("folder"));
  execFileSync("/usr/bin/mkfifo", [at("pipe")]);
  await writeFile(at("large"), "12345");
  expect((await readRegularFile(at("file"), 4)).bytes.toString()).toBe("four");
  const refusals = [
    [at("folder"), "it is a folder"],
    [at("pipe"), "expected a regular file, got a pipe or a device"],
    ["/dev/zero", "expected a regular file, got a pipe or a device"],
    [at("large"), "expected at most 4 bytes, got 5; is this the right file?"],
    [at("none"), "no such file"],
  ] as const;
  for (const [path, message] of refusals) {
    const error = await readRegularFile(path, 4).catch((reason: unknown) => reason);
    expect(fileErrorText(error)).toBe(message);
  }
});

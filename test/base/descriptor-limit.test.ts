import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { descriptorShortage, softLimit } from "../../src/base/descriptor-limit.ts";

const MODULE = fileURLToPath(new URL("../../src/base/descriptor-limit.ts", import.meta.url));

test("descriptorLimit() is what the shell that started the process allowed", () => {
  const script = `import(${JSON.stringify(MODULE)}).then((it) => console.log(it.descriptorLimit()))`;
  const run = ["-c", 'ulimit -n 77; exec "$0" -e "$1"', process.execPath, script];
  expect(execFileSync("sh", run, { encoding: "utf8" }).trim()).toBe("77");
});

test.each([
  [{ userLimits: { open_files: { soft: 1024, hard: 4096 } } }, 1024],
  [{ userLimits: { open_files: { soft: "unlimited", hard: "unlimited" } } }, undefined],
  [{}, undefined],
])("softLimit() of %j is %s", (report, limit) => {
  expect(softLimit(report)).toBe(limit);
});

test("descriptorShortage() is the code of what is short, and nothing while a file can be opened", () => {
  const script = `import(${JSON.stringify(MODULE)}).then((it) => {
    const { openSync, closeSync } = require("node:fs");
    const taken = [];
    const told = [it.descriptorShortage()];
    try { for (;;) taken.push(openSync("/dev/null")); } catch {}
    told.push(it.descriptorShortage());
    taken.forEach((fd) => closeSync(fd));
    console.log(JSON.stringify([...told, it.descriptorShortage()].map(String)));
  })`;
  const run = ["-c", 'ulimit -n 64; exec "$0" -e "$1"', process.execPath, script];
  expect(JSON.parse(execFileSync("sh", run, { encoding: "utf8" }))).toEqual([
    "undefined",
    "EMFILE",
    "undefined",
  ]);
});

test.each([
  ["EMFILE", "EMFILE"],
  ["ENFILE", "ENFILE"],
  ["ENOENT", undefined],
])("descriptorShortage() after %s is %s", (code, told) => {
  const fail = (): never => {
    throw Object.assign(new Error(code), { code });
  };
  expect(descriptorShortage(fail)).toBe(told);
});

test("descriptorShortage() is nothing where a file can be opened, or a bug keeps it from that", () => {
  expect(descriptorShortage()).toBeUndefined();
  expect(
    descriptorShortage(() => {
      throw new Error("bug");
    }),
  ).toBeUndefined();
});

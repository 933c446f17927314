import { expect, test } from "vitest";
import { fileErrorText, isShortage } from "../../src/base/file-error.ts";

test("fileErrorText() has words for what is common, and the code for the rest", () => {
  expect(fileErrorText(Object.assign(new Error("x"), { code: "EACCES" }))).toBe("permission denied");
  expect(fileErrorText(Object.assign(new Error("x"), { code: "EIO" }))).toBe("its disk failed (EIO)");
  expect(fileErrorText(Object.assign(new Error("x"), { code: "EXDEV" }))).toBe("EXDEV");
  expect(fileErrorText(new Error("x"))).toBe("unknown error");
});

test("isShortage() tells what this machine lacks from what is wrong with the file, through what wraps it", () => {
  const shortage = Object.assign(new Error("x"), { code: "EMFILE" });
  expect(isShortage(shortage)).toBe(true);
  expect(isShortage(new Error("cannot read it", { cause: shortage }))).toBe(true);
  expect(isShortage(Object.assign(new Error("x"), { code: "ENOENT" }))).toBe(false);
  for (const code of ["ENOTCONN", "EHOSTDOWN", "EREMOTEIO", "ESTALE", "EIO"])
    expect(isShortage(Object.assign(new Error("x"), { code }))).toBe(true);
  expect(isShortage("EMFILE")).toBe(false);
});

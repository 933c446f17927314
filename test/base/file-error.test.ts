import { expect, test } from "vitest";
import { fileErrorText } from "../../src/base/file-error.ts";

test("fileErrorText() has words for what is common, and the code for the rest", () => {
  expect(fileErrorText(Object.assign(new Error("x"), { code: "EACCES" }))).toBe("permission denied");
  expect(fileErrorText(Object.assign(new Error("x"), { code: "EIO" }))).toBe("EIO");
  expect(fileErrorText(new Error("x"))).toBe("unknown error");
});

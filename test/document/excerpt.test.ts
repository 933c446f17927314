import { describe, expect, test } from "vitest";
import { excerptOf } from "../../src/document/excerpt.ts";

const redact = (row: string): string => row.replace(/hunter\d/, "<secret>");

describe("excerptOf()", () => {
  test("shows the line with a caret under the column", () => {
    expect(excerptOf(["a: 1", "  b: 2\r"], 2, 3, redact)).toBe("      b: 2\n      ^");
  });

  test("keeps what redact() takes out to itself, and the caret where that begins", () => {
    expect(excerptOf(["a: hunter2 b"], 1, 12, redact)).toBe("    a: <secret> b\n       ^");
  });

  test("shows the part of a long line that the caret is in", () => {
    const excerpt = excerptOf([`a: ${"x".repeat(500)}`], 1, 300, redact) ?? "";
    const [text = "", caret = ""] = excerpt.split("\n");
    expect(text).toHaveLength(104);
    expect(caret.trim()).toBe("^");
    expect(caret.length).toBeLessThan(104);
  });

  test("puts a space for what would move the caret or the terminal", () => {
    expect(excerptOf(["a:\tb\u001b\u00a0c"], 1, 4, redact)).toBe("    a: b  c\n       ^");
  });

  test("shows nothing of a line without text", () => {
    expect(excerptOf(["a", " "], 2, 1, redact)).toBeUndefined();
  });
});

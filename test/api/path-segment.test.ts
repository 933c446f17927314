import { assert as check, property, string } from "fast-check";
import { expect, test } from "vitest";
import { pathSegment } from "../../src/api/path-segment.ts";

test("pathSegment() leaves what RFC 3986 calls pchar alone", () => {
  const pchar = "AZaz09-._~!$&'()*+,;=:@";
  expect(pathSegment(pchar)).toBe(pchar);
  expect(pathSegment("...")).toBe("...");
});

test("pathSegment() mends broken UTF-16", () => {
  expect(pathSegment("a\ud800")).toBe("a%EF%BF%BD");
});

test("pathSegment() always stays one segment that reads back as the value", () => {
  check(
    property(
      string({ unit: "binary" }).filter((value) => !["", ".", ".."].includes(value)),
      (value) => {
        const path = `/before/${pathSegment(value)}/after`;
        expect(new URL(path, "http://host").pathname.split("/").map(decodeURIComponent)).toEqual([
          "",
          "before",
          value,
          "after",
        ]);
      },
    ),
  );
});

import { expect, test } from "vitest";
import { parseExternalUrl, parsePrefix, siteOf } from "../../src/http/site.ts";

test.each([
  ["https://example.com", { origin: "https://example.com", path: "" }],
  ["http://example.com:8080/", { origin: "http://example.com:8080", path: "" }],
  ["https://example.com/a/b/", { origin: "https://example.com", path: "/a/b" }],
  ["/exporter/", { origin: undefined, path: "/exporter" }],
  ["/", { origin: undefined, path: "" }],
])("parseExternalUrl() reads %s", (text, expected) => {
  expect(parseExternalUrl(text)).toEqual(expected);
});

test.each([
  "",
  "example.com",
  "//example.com/a",
  "ftp://example.com",
  "https://u:p@example.com",
  "https://e.com/?q",
  "https://e.com/#f",
  '"https://e.com"',
  "javascript:alert(1)",
  "https://e.com/a b",
])("parseExternalUrl() refuses %j", (text) => {
  expect(parseExternalUrl(text)).toBeUndefined();
});

test("parsePrefix() takes slashes at the ends as they come", () => {
  expect(["/", "", "a", "/a", "/a/", "//a/b//"].map(parsePrefix)).toEqual(["", "", "/a", "/a", "/a", "/a/b"]);
  expect(["/a//b", "/a?b", "/:a", "/*", "/a b", "/%41"].map(parsePrefix)).toEqual(
    Array.from({ length: 6 }, () => undefined),
  );
});

test("siteOf() prefixes the routes by the external path unless told otherwise", () => {
  const external = { origin: "https://example.com", path: "/exporter" };
  expect(siteOf(external, undefined)).toMatchObject({ routePrefix: "/exporter", linkPrefix: "/exporter" });
  expect(siteOf(external, "")).toMatchObject({ routePrefix: "", linkPrefix: "/exporter" });
  expect(siteOf(undefined, "/a")).toMatchObject({ routePrefix: "/a", linkPrefix: "/a" });
});

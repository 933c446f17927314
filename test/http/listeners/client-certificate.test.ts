import { expect, test } from "vitest";
import { alternativeNames } from "../../../src/http/listeners/client-certificate.ts";

test("alternativeNames() reads every kind of name that Go compares, as Go prints it", () => {
  const text =
    "DNS:prometheus.example, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, email:a@example.com, URI:spiffe://example/prometheus, DirName:CN=x";
  expect(alternativeNames(text)).toEqual([
    "prometheus.example",
    "10.0.0.1",
    "2001:db8::1",
    "a@example.com",
    "spiffe://example/prometheus",
  ]);
});

test("alternativeNames() is not fooled by separators inside a name", () => {
  expect(alternativeNames('URI:"http://x/, DNS:admin.example"')).toEqual(["http://x/, DNS:admin.example"]);
  expect(alternativeNames(undefined)).toEqual([]);
});

import { expect, test } from "vitest";
import { certificatesIn } from "../../src/base/certificates.ts";
import { issueCertificate } from "../helpers/issue-certificate.ts";

const one = await issueCertificate("one");
const two = await issueCertificate("two");

test("certificatesIn() finds the certificates in their order, and nothing else", () => {
  const found = certificatesIn(`# the first\r\n${one.cert}\n${one.key}\n${two.cert}`);
  expect(found.map(({ pem }) => pem)).toEqual([one.cert.trim(), two.cert.trim()]);
  expect(found.map(({ parsed }) => parsed?.subject)).toEqual(["CN=one", "CN=two"]);
});

test("certificatesIn() marks one that is damaged", () => {
  const damaged = one.cert.replaceAll("M", "N");
  const found = certificatesIn(`${two.cert}\n${damaged}`);
  expect(found.map(({ parsed }) => parsed !== undefined)).toEqual([true, false]);
});

test("certificatesIn() finds none where there is none", () => {
  expect(["", one.key, "-----BEGIN CERTIFICATE-----"].flatMap(certificatesIn)).toEqual([]);
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadClientConfig } from "../../src/config/client-config.ts";
import { formatProblem } from "../../src/document/problems.ts";
import { issueCertificate } from "../helpers/issue-certificate.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

async function load(text: string | Buffer, files: Readonly<Record<string, string>> = {}, env = {}) {
  await using folder = await createTempFolder(files);
  const path = join(folder.path, "client.yml");
  await writeFile(path, text);
  const result = await loadClientConfig(path, env);
  return result.ok
    ? { authorization: result.client.authorization?.reveal(), tls: result.client.tls }
    : result.problems.map((problem) => formatProblem("client.yml", problem));
}

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString("base64")}`;

describe("loadClientConfig()", () => {
  test.each<[string, string, string | undefined]>([
    ["nothing", "", undefined],
    ["a password", "basic_auth: { username: alice, password: pa ss }", basic("alice:pa ss")],
    [
      "a password's file",
      "basic_auth: { username: alice, password_file: secret }",
      basic("alice:from the file"),
    ],
    ["a variable", "basic_auth: { username: alice, password: '${PASSWORD}' }", basic("alice:from the env")],
    ["a token", "authorization: { credentials: abc }", "Bearer abc"],
    [
      "a token of another type",
      "authorization: { type: Token, credentials_file: secret }",
      "Token from the file",
    ],
  ])("reads %s", async (_what, text, authorization) => {
    const files = { secret: "from the file\n" };
    expect(await load(text, files, { PASSWORD: "from the env" })).toEqual({
      authorization,
      tls: { insecure: false },
    });
  });

  test("reads what it trusts and shows", async () => {
    const { cert, key } = await issueCertificate("ca");
    const text =
      "tls_config: { ca_file: ca.crt, cert_file: ca.crt, key_file: ca.key, server_name: a.example, insecure_skip_verify: true }";
    const loaded = await load(text, { "ca.crt": cert, "ca.key": key });
    expect(loaded).toMatchObject({ tls: { ca: cert, cert, serverName: "a.example", insecure: true } });
    expect(JSON.stringify(loaded)).not.toContain("PRIVATE");
  });

  test.each([
    ["basic_auth: { username: alice }", "basic_auth: expected password or password_file"],
    ["basic_auth: { username: alice, password: a, password_file: b }", "password_file: expected only one of"],
    ["authorization: { type: Bearer }", "authorization: expected credentials or credentials_file"],
    [
      "basic_auth: { username: a, password: b }\nauthorization: { credentials: c }",
      "client.yml:2: authorization: expected only one of basic_auth and authorization",
    ],
    ["tls_config: { cert_file: a }", "tls_config.cert_file: expected key_file beside it"],
    ["tls_config: { key_file: a }", "tls_config.key_file: expected cert_file beside it"],
    ["tls_config: { ca_file: none }", 'tls_config.ca_file: cannot read "none": no such file'],
    [
      "tls_config: { ca_file: secret }",
      "tls_config.ca_file: expected a file that holds a certificate in PEM form",
    ],
    ["basic_auth: { username: a, password_file: none }", 'password_file: cannot read "none": no such file'],
    ["basic_auth: { user: a }", "user"],
    ["tls_config: { insecure_skip_verify: maybe }", "expected true or false"],
  ])("refuses %j", async (text, message) => {
    const problems = await load(text, { secret: "no certificate" });
    expect(problems).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
  });

  test("never shows a secret", async () => {
    const problems = await load("basic_auth: { username: a, password: [hush-hush] }");
    expect(JSON.stringify(problems)).not.toContain("hush-hush");
  });

  test("says what is wrong with the file itself", async () => {
    expect(await load(Buffer.from([0xff, 0xfe, 0xfd]))).toEqual(["client.yml: expected UTF-8 text"]);
    expect(await loadClientConfig("/nonexistent/client.yml", {})).toEqual({
      ok: false,
      problems: [{ path: "", message: "cannot read the client's config: no such file" }],
    });
  });
});

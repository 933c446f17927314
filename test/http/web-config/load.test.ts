import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatProblem } from "../../../src/document/problems.ts";
import { loadWebConfig } from "../../../src/http/web-config/load.ts";
import type { Certificates } from "../../helpers/certificates.ts";
import { createTableFiles } from "../../helpers/web-config-table-files.ts";
import { BAD, GOOD } from "../../helpers/web-config-table.ts";

let files: Certificates;

beforeAll(async () => {
  files = await createTableFiles();
});

afterAll(() => files[Symbol.asyncDispose]());

async function load(text: string) {
  await writeFile(files.pathOf("web.yml"), text);
  return await loadWebConfig(files.pathOf("web.yml"));
}

async function problemsWithoutBcrypt(content: unknown): Promise<readonly string[]> {
  await writeFile(files.pathOf("web.yml"), JSON.stringify(content));
  const { result } = await loadWebConfig(files.pathOf("web.yml"), () => Promise.resolve("no such package"));
  return result.kind === "good" ? [] : result.problems.map((each) => formatProblem("web.yml", each));
}

test("loadWebConfig() is tried on a good number of files", () => {
  expect(GOOD.length + BAD.length).toBeGreaterThan(75);
});

describe("loadWebConfig()", () => {
  test.each(GOOD)("accepts %s", async (text) => {
    expect((await load(text)).result).toMatchObject({ kind: "good" });
  });

  test.each(BAD)("refuses %s", async (text, expected) => {
    const { result } = await load(text);
    const problems =
      result.kind === "good" ? [] : result.problems.map((each) => formatProblem("web.yml", each));
    expect(problems).toEqual(expected);
    expect(problems.join("\n")).not.toContain("CANARY");
  });

  test("takes nothing that promtool would refuse", () => {
    expect(GOOD.filter(([, , verdict]) => verdict === "bad")).toEqual([]);
  });

  test("takes certificate, key and CA from the file itself", async () => {
    const [cert, key, ca] = await Promise.all(
      ["server.crt", "server.key", "ca.crt"].map((name) => readFile(files.pathOf(name), "utf8")),
    );
    const { result, paths } = await load(
      JSON.stringify({
        tls_server_config: { cert, key, client_ca: ca, client_auth_type: "RequireAndVerifyClientCert" },
      }),
    );
    expect(result).toMatchObject({ kind: "good", settings: { tls: { clientAuth: "verified" } } });
    expect(paths).toEqual([files.pathOf("web.yml")]);
  });

  test("takes no passwords where none can be checked, and says what else is wrong", async () => {
    const alone = { basic_auth_users: { alice: `$2y$10$${"a".repeat(53)}` } };
    const both = { ...alone, tls_server_config: { cert_file: "none.crt", key_file: "server.key" } };
    const problem =
      "web.yml:1: basic_auth_users: passwords cannot be checked on this machine: no such package";
    expect(await problemsWithoutBcrypt(alone)).toEqual([problem]);
    expect(await problemsWithoutBcrypt(both)).toEqual([problem, expect.stringContaining("cert_file")]);
    expect(await problemsWithoutBcrypt({ basic_auth_users: {} })).toEqual([]);
  });

  test("says what cannot be read", async () => {
    const { result } = await loadWebConfig(files.pathOf("none.yml"));
    expect(result).toEqual({
      kind: "bad-file",
      problems: [{ path: "", message: "cannot read the web config: no such file" }],
    });
  });

  test("prints no hash and no key", async () => {
    const { result } = await load(
      "basic_auth_users: { alice: $2y$04$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze }\n",
    );
    expect(result.kind === "good" && String(result.settings.users.get("alice"))).toBe("<secret>");
  });

  test("expands nothing from the environment", async () => {
    const { result } = await load('http_server_config: { headers: { X-XSS-Protection: "${HOME}" } }\n');
    expect(result).toMatchObject({ settings: { headers: { "X-XSS-Protection": "${HOME}" } } });
  });
});

import { chdir, cwd } from "node:process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../../src/cli/read-config.ts";
import { testAccount } from "../helpers/generation-subject.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { contextOf } from "../helpers/command-context.ts";

const ENV = {
  CLOUDFLARE_API_TOKEN: "cfut_token-of-the-environment",
  CLOUDFLARE_ACCOUNT_ID: "0123456789abcdef0123456789abcdef",
};
const FILE = JSON.stringify({ accounts: [testAccount("of-the-file", 1)] });

/** Reads in a folder with these files; the names of the accounts, and what was printed as wrong. */
async function read(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly accounts: readonly string[] | undefined; readonly errors: string }> {
  await using folder = await createTempFolder(files);
  const before = cwd();
  chdir(folder.path);
  try {
    const { context, errors } = contextOf({ args, env });
    const config = await readConfig(context);
    return { accounts: config?.accounts.map(({ name }) => name), errors: errors() };
  } finally {
    chdir(before);
  }
}

test("readConfig() reads config.yaml where no other file is named", async () => {
  expect(await read({ "config.yaml": FILE })).toEqual({ accounts: ["of-the-file"], errors: "" });
});

test("readConfig() prefers an existing file to the environment", async () => {
  expect((await read({ "config.yaml": FILE }, [], ENV)).accounts).toEqual(["of-the-file"]);
  expect((await read({ "other.yaml": FILE }, ["--config.file=other.yaml"], ENV)).accounts).toEqual([
    "of-the-file",
  ]);
});

test("readConfig() takes the environment where no file is, an account of all its interconnects", async () => {
  expect(await read({}, [], ENV)).toEqual({ accounts: ["default"], errors: "" });
});

test("readConfig() does not replace a wrong file by the environment", async () => {
  const { accounts, errors } = await read({ "config.yaml": "accounts: 7" }, [], ENV);
  expect(accounts).toBeUndefined();
  expect(errors).toMatch(/^config\.yaml:1: accounts: /);
});

test("readConfig() does not replace a missing file that was asked for by the environment", async () => {
  for (const name of ["other.yaml", "config.yaml"]) {
    const { accounts, errors } = await read({}, ["--config.file", name], ENV);
    expect(accounts).toBeUndefined();
    expect(errors).toContain(`${name}: cannot read the config: no such file\n`);
  }
});

test("readConfig() shows the three ways to start when there is nothing to go on", async () => {
  const { accounts, errors } = await read({}, [], { CLOUDFLARE_BASE_URL: "https://api.example.com/v4" });
  expect(accounts).toBeUndefined();
  expect(errors.match(/^ {2}\d\. /gm)).toEqual(["  1. ", "  2. ", "  3. "]);
  for (const way of ["--config.file=", "CLOUDFLARE_API_TOKEN=", "CLOUDFLARE_ACCOUNT_ID=", "demo"])
    expect(errors).toContain(way);
});

test("readConfig() names the variables of an environment that is not enough, and no secret", async () => {
  const { accounts, errors } = await read({}, [], { CLOUDFLARE_API_TOKEN: ENV.CLOUDFLARE_API_TOKEN });
  expect(accounts).toBeUndefined();
  expect(errors).toContain("environment: CLOUDFLARE_ACCOUNT_ID: ");
  expect(errors).not.toContain("cfut_");
  expect(errors).not.toContain("three ways");
});

test("readConfig() prints warnings of a configuration that can be used", async () => {
  const config = JSON.stringify({ api: { budget: 5000 }, accounts: [testAccount("a", 1)] });
  const { accounts, errors } = await read({ [join("etc", "c.yaml")]: config }, ["--config.file=etc/c.yaml"]);
  expect(accounts).toEqual(["a"]);
  expect(errors).toMatch(/^etc\/c\.yaml:1: api\.budget: .* \(warning\)\n$/);
});

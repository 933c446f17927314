import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadConfig, parseConfig } from "../../src/config/load.ts";
import { schemaKeys } from "../helpers/schema-keys.ts";

const path = join(import.meta.dirname, "../../config.example.yaml");
const folder = mkdtempSync(join(tmpdir(), "config-example-"));
afterAll(() => rmSync(folder, { recursive: true }));

const BARE = `accounts:
  - name: production
    account_id: 023e105f4ecef8ad9ca31a8372d0c353
    api_token: token
    interconnects: [icon-ewr-01]
`;

test("config.example.yaml loads without a warning, and its values are the defaults", async () => {
  const token = join(folder, "token");
  writeFileSync(token, "token\n");
  const example = await loadConfig(path, { CLOUDFLARE_API_TOKEN_FILE: token });
  const bare = await parseConfig(BARE, { file: path, env: {} });
  if (!example.ok || !bare.ok) throw new Error(JSON.stringify([example, bare]));
  expect(example.warnings).toEqual([]);
  expect({ ...example.config, accounts: [] }).toEqual({ ...bare.config, accounts: [] });
  expect(example.config.accounts[0]?.interconnects[0]).toEqual(bare.config.accounts[0]?.interconnects[0]);
  expect(example.config.accounts[0]?.discovery).toEqual(bare.config.accounts[0]?.discovery);
  expect(example.config.accounts[0]?.interconnects[1]?.expectedState).toBe("Healthy");
});

test("config.example.yaml shows every key", () => {
  const text = readFileSync(path, "utf8");
  const keys = schemaKeys().map(({ path }) => path.at(-1));
  expect(keys.length).toBeGreaterThan(25);
  expect(keys.filter((key) => !new RegExp(`\\b${key}:`).test(text))).toEqual([]);
});

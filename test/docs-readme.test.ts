import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Config } from "../src/config/config.ts";
import { parseConfig } from "../src/config/load.ts";
import { codeBlocksOf } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const readme = page("README.md");

/** The configuration that README shows, with its token in it instead of in a file. */
async function configOf(text: string): Promise<Config> {
  const inline = text.replace(/api_token_file: .*/, "api_token: token");
  const read = await parseConfig(inline, { file: "README.md", env: {} });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

const [configText = "", scrapeText = "", rulesText = ""] = codeBlocksOf(readme, "yaml");

test("README.md is read in one sitting: at most 1,200 words, as `wc -w` counts them", () => {
  expect(readme.trim().split(/\s+/).length).toBeLessThanOrEqual(1200);
});

test("README.md begins with the two commands that need nothing else", () => {
  const commands = codeBlocksOf(readme, "sh").filter((code) => code.startsWith("npm ci && npm "));
  expect(commands.slice(0, 2)).toEqual(["npm ci && npm run demo\n", "npm ci && npm test\n"]);
});

test("README.md shows a configuration that is valid, and a Prometheus that scrapes the default port", async () => {
  const { accounts } = await configOf(configText);
  expect(accounts[0]?.interconnects.map(({ name }) => name)).toEqual(["icon-ewr-01", "icon-lhr-02"]);
  expect(parse(scrapeText).scrape_configs[0].static_configs[0].targets).toEqual(["localhost:13335"]);
});

test("README.md shows an alert that has a runbook, and a name that the rules know", () => {
  const [{ alert }] = parse(rulesText).groups[0].rules;
  expect(existsSync(`docs/runbooks/${alert}.md`)).toBe(true);
  expect(readFileSync("deploy/prometheus/rules/states.yaml", "utf8")).toContain(`alert: ${alert}\n`);
});

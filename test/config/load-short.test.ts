import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

const MODULE = fileURLToPath(new URL("../../src/config/load.ts", import.meta.url));
/** Takes all descriptors but so many, then reads the configuration; the file itself before, when told so. */
const SCRIPT = `
  const { openSync, closeSync } = require("node:fs");
  import(${JSON.stringify(MODULE)}).then(async ({ loadConfig, parseConfig }) => {
    const file = "config.yaml";
    const text = require("node:fs").readFileSync(file, "utf8");
    const taken = [];
    try { for (;;) taken.push(openSync("/dev/null")); } catch {}
    for (let left = Number(process.argv[1]); left > 0; left -= 1) closeSync(taken.pop());
    const { reason, problems } = await (process.argv[2] === "read" ? parseConfig(text, { file }) : loadConfig(file, {}));
    for (const fd of taken) closeSync(fd);
    console.log(JSON.stringify([reason, problems.map(({ path, message }) => [path, message])]));
  });`;

const CONFIG = `
api: { ca_file: ca.pem }
accounts:
  - { name: production, account_id: 023e105f4ecef8ad9ca31a8372d0c353, api_token_file: token, interconnects: [icon-ewr-01] }
`;

async function loadWith(freeDescriptors: number, config: "read" | "not read"): Promise<unknown> {
  await using folder = await createTempFolder({ "config.yaml": CONFIG, token: "cfut_token-of-the-tests" });
  const command = 'ulimit -n 64; exec "$0" -e "$1" "$2" "$3"';
  const run = ["-c", command, process.execPath, SCRIPT, `${freeDescriptors}`, config];
  return JSON.parse(execFileSync("sh", run, { cwd: folder.path, encoding: "utf8" }));
}

const TOO_MANY = "this process has too many files open (EMFILE)";

test("loadConfig() says that it is short of descriptors, not that the file is wrong", async () => {
  expect(await loadWith(0, "not read")).toEqual(["short", [["", `cannot read the config: ${TOO_MANY}`]]]);
});

test("loadConfig() says so of the files that a configuration names", async () => {
  expect(await loadWith(0, "read")).toEqual([
    "short",
    [
      ["api.ca_file", `cannot read "ca.pem": ${TOO_MANY}`],
      ["accounts[0].api_token_file", `cannot read "token": ${TOO_MANY}`],
    ],
  ]);
});

test("loadConfig() finds a wrong file wrong where there are enough", async () => {
  expect(await loadWith(10, "not read")).toEqual([
    "invalid",
    [["api.ca_file", 'cannot read "ca.pem": no such file']],
  ]);
});

/** A regular file that Linux fails to read with EIO, as a disk that is broken does. */
const BROKEN = "/proc/self/mem";
const FAILED = "its disk failed (EIO)";

test("loadConfig() of a broken disk is a shortage", async () => {
  expect(await loadConfig(BROKEN, {})).toMatchObject({
    reason: "short",
    problems: [{ message: `cannot read the config: ${FAILED}` }],
  });
});

test("loadConfig() of a configuration that names files on a broken disk is a shortage", async () => {
  const config = CONFIG.replace("ca.pem", BROKEN).replace("token,", `${BROKEN},`);
  await using folder = await createTempFolder({ "config.yaml": config });
  expect(await loadConfig(`${folder.path}/config.yaml`, {})).toMatchObject({
    reason: "short",
    problems: [
      { path: "api.ca_file", message: `cannot read "${BROKEN}": ${FAILED}` },
      { path: "accounts[0].api_token_file", message: `cannot read "${BROKEN}": ${FAILED}` },
    ],
  });
});

import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../src/cli/command-line.ts";
import { FLAGS } from "../src/cli/flags.ts";
import { codeBlocksOf, tableOf, termsIn } from "./helpers/markdown.ts";
import { page } from "./helpers/pages.ts";

const systemd = page("docs/systemd.md");
const service = readFileSync("deploy/systemd/cloudflare-interconnect-exporter.service", "utf8");
const socket = readFileSync("deploy/systemd/cloudflare-interconnect-exporter.socket", "utf8");

/** The values of a setting, in their order. */
function valuesOf(unit: string, setting: string): readonly string[] {
  return [...unit.matchAll(new RegExp(`^${setting}=(.*)$`, "gm"))].map(([, value = ""]) => value);
}

describe("deploy/systemd/", () => {
  test("starts the daemon as its flags are, with what systemd hands over", () => {
    const [program, ...flags] = valuesOf(service, "ExecStart").join("").split(" ");
    const { name } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(program).toBe(name);
    expect(flags.at(-1)).toBe("$OPTIONS");
    const { command, systemdSocket, configFile, storagePath } = parseCommandLine(flags.slice(0, -1));
    expect([command, systemdSocket, storagePath]).toEqual(["run", true, "${STATE_DIRECTORY}"]);
    expect(systemd).toContain(`--config.file=${configFile}`);
  });

  test("listens on the port of the exporter", () => {
    expect(valuesOf(socket, "ListenStream")).toEqual([FLAGS["web.listen-address"].default.slice(1)]);
  });

  test("says itself when it is ready, by a program that it starts, and is watched for longer than a wedged scheduler is alive", () => {
    expect(valuesOf(service, "Type")).toEqual(["notify"]);
    expect(valuesOf(service, "NotifyAccess")).toEqual(["all"]);
    // /-/healthy says so after 30 s.
    expect(Number(valuesOf(service, "WatchdogSec").join(""))).toBeGreaterThan(30);
  });
});

describe("docs/systemd.md", () => {
  test("has the token where the unit puts it", () => {
    const [credential, file] = valuesOf(service, "LoadCredential").join("").split(":");
    const config: unknown = parseYaml(codeBlocksOf(systemd, "yaml").join(""));
    const account = { api_token_file: `\${CREDENTIALS_DIRECTORY}/${credential}` };
    expect(config).toMatchObject({ accounts: [account] });
    // So that `check` can be told to look there.
    expect(file).toBe(`/etc/cloudflare-interconnect-exporter/${credential}`);
  });

  test("explains only settings that the unit has", () => {
    const rows = tableOf(systemd, "| setting | what it means for you |").flatMap(([names = ""]) =>
      termsIn(names),
    );
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.filter((setting) => valuesOf(service, setting.replace("=", "")).length === 0)).toEqual([]);
  });
});

import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "acorn";
import { describe, expect, test } from "vitest";
import { runCommand, startCommand } from "../helpers/daemon-process.ts";
import { createTempFolder, type TempFolder } from "../helpers/temp-folder.ts";
import { until } from "../helpers/until.ts";

const WEB_CONFIG = {
  basic_auth_users: { alice: "$2y$04$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze" },
};

/** Runs code in the process before the program does. */
function first(code: string): readonly string[] {
  return ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
}

/** As it is installed where the addon cannot be had. */
async function installAlone(): Promise<{ readonly main: string } & TempFolder> {
  const folder = await createTempFolder({ "package.json": await readFile("package.json", "utf8") });
  await cp("dist", join(folder.path, "dist"), { recursive: true });
  return { ...folder, main: join(folder.path, "dist/bin.cjs") };
}

describe("the guard", () => {
  test("says which Node it needs to one that is too old", async () => {
    const old = first(`Object.defineProperty(process, "version", { value: "v20.20.2" });`);
    expect(await runCommand(["demo"], { nodeArgs: old })).toEqual({
      code: 1,
      signal: null,
      stdout: "",
      stderr: "cloudflare-interconnect-exporter needs Node 24 or newer, this is v20.20.2\n",
    });
  });

  test("is JavaScript that any Node can read", async () => {
    const options = { ecmaVersion: 5, allowHashBang: true } as const;
    expect(() => parse("let one;", options)).toThrow(SyntaxError);
    const text = await readFile("dist/bin.cjs", "utf8");
    expect(parse(text, options).body.length).toBeGreaterThan(1);
  });
});

test("a stack trace names a line of the sources", async () => {
  const broken = first(`
    import { Socket } from "node:net";
    Socket.prototype.write = () => {
      throw new Error("provoked");
    };
  `);
  const { code, stderr } = await runCommand(["--help"], { nodeArgs: broken });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Error: provoked\n/);
  const line = /\/src\/cli\/sink\.ts:(?<line>\d+):\d+/.exec(stderr)?.groups?.["line"];
  const source = (await readFile("src/cli/sink.ts", "utf8")).split("\n")[Number(line) - 1];
  expect(source).toContain("socket.write(bytes");
  // Node itself would show the line of code, which is all of a file.
  expect(stderr.length).toBeLessThan(3000);
});

describe("the bundle alone, without a package beside it", () => {
  test("serves and polls", async () => {
    await using folder = await installAlone();
    await using demo = await startCommand(["demo", "--web.listen-address=127.0.0.1:0"], folder);
    await until(
      "the demo to poll",
      () => /"msg":"Interconnect changed state"/.exec(demo.stderr()) ?? undefined,
    );
    demo.kill("SIGTERM");
    expect(await demo.ended).toEqual({ code: 0, signal: null });
  });

  test.each([["demo"], ["check"]])("%s says that passwords cannot be checked", async (command) => {
    await using folder = await installAlone();
    const { code, stderr } = await runCommand([command, "--web.config.file=web.yml"], {
      main: folder.main,
      files: { "web.yml": WEB_CONFIG, "config.yaml": await readFile("config.example.yaml", "utf8") },
      env: { CLOUDFLARE_API_TOKEN: "token" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain(
      "web.yml:1: basic_auth_users: passwords cannot be checked on this machine: Cannot find",
    );
    expect(stderr).toContain("npm install @node-rs/bcrypt");
    expect(stderr).not.toContain("    at ");
  });
});

test("the notices name every package that is in the bundle, and no other", async () => {
  const names = (await readdir("dist")).filter((name) => name.endsWith(".map"));
  const maps = await Promise.all(names.map((name) => readFile(`dist/${name}`, "utf8")));
  const sources = maps.flatMap((map) => (JSON.parse(map) as { readonly sources: readonly string[] }).sources);
  const packages = sources.flatMap(
    (source) => /.*node_modules\/(?<name>(?:@[^/]+\/)?[^/]+)/.exec(source)?.groups?.["name"] ?? [],
  );
  const notices = await readFile("dist/THIRD-PARTY-NOTICES", "utf8");
  const named = [...notices.matchAll(/^-+\n(?<name>\S+) [\d.]+ \([\w.-]+\)$/gm)].map((match) => match[1]);
  expect(packages).toContain("undici");
  // The script of the pages is a text to the bundle's source maps.
  expect(new Set(named)).toEqual(new Set([...packages, "idiomorph"]));
  expect(notices).toContain("Copyright (c) Matteo Collina and Undici contributors");
});

test("the SBOM has the packages of the notices, and what is installed beside the bundle", async () => {
  const {
    name: own,
    dependencies = {},
    optionalDependencies = {},
  } = JSON.parse(await readFile("package.json", "utf8"));
  const notices = await readFile("dist/THIRD-PARTY-NOTICES", "utf8");
  const noticed = [...notices.matchAll(/^-{78}\n(?<name>\S+) (?<version>\S+) \(/gm)].map(
    ({ groups }) => `${groups?.["name"]}@${groups?.["version"]}`,
  );
  const beside = Object.entries({ ...dependencies, ...optionalDependencies }).map(
    ([name, version]) => `${name}@${String(version)}`,
  );
  const sbom = JSON.parse(await readFile("dist/sbom.cdx.json", "utf8"));
  const listed = sbom.components.map(({ purl }: { readonly purl: string }) =>
    purl.replace("pkg:npm/", "").replace("%40", "@"),
  );
  expect(listed.toSorted()).toEqual([...noticed, ...beside].toSorted());
  expect(noticed.length).toBeGreaterThan(20);
  expect(sbom.metadata.component.name).toBe(own);
});

import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { startChild } from "../helpers/child-process.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { until } from "../helpers/until.ts";

/** This machine's own environment: neither what `npm run` adds to it, nor the Node that it finds first. */
const ENV = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value = ""]) => {
    if (
      /^(?:npm_(?!config_)|npm_config_(?:local_|global_)?prefix$|INIT_CWD$|NODE_(?:ENV|OPTIONS)$|VITEST)/i.test(
        name,
      )
    )
      return [];
    if (name !== "PATH") return [[name, value]];
    return [
      [
        name,
        value
          .split(delimiter)
          .filter((folder) => !folder.includes("node_modules"))
          .join(delimiter),
      ],
    ];
  }),
);
/** With the Node that runs the tests before this machine's. */
const ENV_NODE_24 = { ...ENV, PATH: `${dirname(process.execPath)}${delimiter}${ENV["PATH"]}` };
/** What `git` leaves out of a clone. */
const NOT_CLONED = new Set([".git", "coverage", "dist", "node_modules"]);
const WITHIN_MS = 300_000;

interface Manifest {
  readonly dependencies?: unknown;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Runs a program to its end; rejects with all that it said when that is not 0. */
async function run(cwd: string, program: string, args: readonly string[], env = ENV): Promise<string> {
  await using child = startChild(program, args, {
    cwd,
    env,
    asGroup: true,
    whenMissing: "expected npm and git to be installed",
  });
  const { code } = await child.ended;
  if (code === 0) return child.stdout();
  throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${child.stdout()}${child.stderr()}`);
}

/** That an installed exporter runs by its name. */
async function expectDemo(folder: string): Promise<void> {
  const args = [
    "--no-install",
    "cloudflare-interconnect-exporter",
    "demo",
    "--web.listen-address=127.0.0.1:0",
  ];
  await using demo = startChild("npx", args, {
    cwd: folder,
    env: ENV_NODE_24,
    asGroup: true,
    whenMissing: "expected npm",
  });
  const port = await until("the demo to serve", () => {
    const found = /"port":(?<port>\d+)/.exec(demo.stderr())?.groups?.["port"];
    return found ?? (demo.exit() === undefined ? undefined : `nowhere: ${demo.stderr()}`);
  });
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(await response.text()).toContain('cloudflare_interconnect_exporter_build_info{version="');
  demo.kill("SIGTERM");
  await demo.ended;
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}

describe("the package", () => {
  test(
    "as packed holds what it takes to run, alerts and all, depends on nothing but the addon, and runs",
    async () => {
      await using packed = await createTempFolder();
      await using folder = await createTempFolder({ "package.json": "{}" });
      await run(process.cwd(), "npm", ["pack", `--pack-destination=${packed.path}`], ENV_NODE_24);
      const [tarball = ""] = await readdir(packed.path);
      await run(
        folder.path,
        "npm",
        ["install", "--no-audit", "--no-fund", join(packed.path, tarball)],
        ENV_NODE_24,
      );
      const modules = join(folder.path, "node_modules");
      const installed = join(modules, "cloudflare-interconnect-exporter");
      const { dependencies, optionalDependencies } = await readManifest(installed);
      expect(dependencies).toBeUndefined();
      expect(Object.keys(optionalDependencies)).toEqual(["@node-rs/bcrypt"]);
      expect((await readdir(modules)).filter((name) => !name.startsWith("."))).toEqual([
        "@node-rs",
        "cloudflare-interconnect-exporter",
      ]);
      const files = await readdir(installed, { recursive: true });
      for (const file of [
        "config.example.yaml",
        "deploy/prometheus/rules/states.yaml",
        "dist/main.js.map",
        "dist/THIRD-PARTY-NOTICES",
        "docs/config.schema.json",
        "docs/runbooks/CloudflareInterconnectDown.md",
        "grafana/dashboards/overview.json",
      ])
        expect(files).toContain(file);
      expect(files.filter((file) => file.endsWith(".ts"))).toEqual([]);
      await expectDemo(folder.path);
    },
    WITHIN_MS,
  );

  test(
    "installs from git, with whatever Node the machine has, and runs",
    async () => {
      await using repository = await createTempFolder();
      await using folder = await createTempFolder({ "package.json": "{}" });
      const names = (await readdir(".")).filter((name) => !NOT_CLONED.has(name));
      await Promise.all(names.map((name) => cp(name, join(repository.path, name), { recursive: true })));
      // What only tests need is left out: installing it takes a minute.
      const manifest = await readManifest(".");
      const notices = await readFile("dist/THIRD-PARTY-NOTICES", "utf8");
      const isNeeded = (name: string): boolean => name === "rolldown" || notices.includes(`\n${name} `);
      const needed = Object.entries(manifest.devDependencies).filter(([name]) => isNeeded(name));
      const text = JSON.stringify({ ...manifest, devDependencies: Object.fromEntries(needed) });
      await writeFile(join(repository.path, "package.json"), text);
      await run(repository.path, "git", ["init", "--quiet"]);
      await run(repository.path, "git", ["add", "--all"]);
      const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
      await run(repository.path, "git", [...author, "commit", "--quiet", "--message=all"]);
      const url = `git+file://${repository.path}`;
      await run(folder.path, "npm", ["install", "--no-audit", "--no-fund", url]);
      const files = await readdir(join(folder.path, "node_modules/cloudflare-interconnect-exporter/dist"));
      expect(files).toContain("bin.cjs");
      await expectDemo(folder.path);
    },
    WITHIN_MS,
  );

  test("in a clone without the bundler is not built, and that is no failure", async () => {
    await using folder = await createTempFolder();
    await cp("build", join(folder.path, "build"), { recursive: true });
    expect(await run(folder.path, "node", ["build/prepare.mjs"])).toBe(
      "dist/ is not built: rolldown is not installed\n",
    );
  });
});

import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { tableOf } from "./helpers/markdown.ts";

/** Who may import whom, and which packages: the table of src/README.md as data. */
const LAYERS: Readonly<
  Record<string, { readonly rooms: readonly string[]; readonly packages: readonly string[] }>
> = {
  base: { rooms: [], packages: [] },
  domain: { rooms: ["base"], packages: [] },
  document: { rooms: [], packages: ["yaml", "zod"] },
  config: { rooms: ["base", "domain", "document"], packages: ["safe-regex2", "zod"] },
  api: { rooms: ["base", "domain"], packages: ["undici", "zod"] },
  metrics: { rooms: ["base", "domain"], packages: ["prom-client"] },
  poll: { rooms: ["base", "domain"], packages: ["p-limit"] },
  storage: { rooms: ["base", "domain"], packages: ["zod"] },
  "http/web-config": { rooms: ["base", "document"], packages: ["zod", "@node-rs/bcrypt"] },
  "http/pages": { rooms: ["base", "domain", "metrics"], packages: ["marked"] },
  "http/routes": { rooms: ["base", "domain", "document", "metrics", "http/pages"], packages: ["fastify"] },
  "http/gate": { rooms: ["base", "http/web-config"], packages: ["fastify"] },
  "http/listeners": { rooms: ["base", "http/web-config"], packages: [] },
  http: {
    rooms: ["base", "domain", "metrics", "http/routes", "http/gate", "http/listeners", "http/web-config"],
    packages: ["fastify"],
  },
  simulator: { rooms: ["base"], packages: ["fastify"] },
  daemon: {
    rooms: ["base", "domain", "document", "config", "api", "metrics", "poll", "storage", "http"],
    packages: [],
  },
  cli: {
    rooms: [
      "base",
      "domain",
      "document",
      "config",
      "http",
      "http/gate",
      "http/listeners",
      "http/web-config",
      "metrics",
      "simulator",
      "daemon",
    ],
    packages: ["pino"],
  },
};

/** Single files that a room may import beyond its layer. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  "http/pages": ["http/site.ts"],
  "http/routes": ["http/http-ports.ts", "http/problem.ts", "http/site.ts"],
  "http/gate": ["http/problem.ts", "http/site.ts"],
};

/** Where the world leaks in: everything else takes time, chance and the process as arguments. */
const RIM: readonly { readonly pattern: RegExp; readonly files: readonly string[] }[] = [
  { pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/, files: ["base/clock.ts"] },
  { pattern: /\bMath\.random\b/, files: ["base/random.ts"] },
  // A server's own setTimeout is a setting, no timer of ours.
  { pattern: /(?<!server\.)\bsetTimeout\b/, files: ["base/clock.ts", "main.ts"] },
  // Work that would block gives way by it; tests count the turns.
  { pattern: /\bsetImmediate\b/, files: ["base/next-turn.ts"] },
  { pattern: /\bsetInterval\b|\bAbortSignal\.timeout\b/, files: ["cli/healthcheck.ts", "cli/program.ts"] },
  { pattern: /\bprocess\./, files: ["main.ts"] },
  { pattern: /\bconsole\./, files: [] },
];

/** A text to us, whose source is in `browser/`. */
const FOR_BROWSERS = "http/pages/live-script.ts";

const MOST_LINES = 250;

interface SourceFile {
  readonly path: string;
  readonly room: string;
  /** Code without comments. */
  readonly code: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = globSync("src/**/*.ts").map((name) => {
  const path = name.replaceAll("\\", "/").slice("src/".length);
  const text = readFileSync(name, "utf8");
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
  const imports = [...code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"([^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
  return {
    path,
    room: path.includes("/") ? dirname(path) : "",
    code,
    lines: text.split("\n").length,
    imports,
  };
});

/** The path within src of a relative import. */
function resolved(file: SourceFile, specifier: string): string {
  return normalize(join(dirname(file.path), specifier));
}

function breaches(file: SourceFile): string[] {
  const layer = LAYERS[file.room];
  if (layer === undefined) return file.path === "main.ts" ? [] : [`${file.path}: "${file.room}" is no room`];
  return file.imports.flatMap((specifier) => {
    if (specifier.startsWith("node:")) return file.room === "domain" ? [`${file.path} -> ${specifier}`] : [];
    if (!specifier.startsWith("."))
      return layer.packages.includes(specifier) ? [] : [`${file.path} -> ${specifier}`];
    const target = resolved(file, specifier);
    const allowed =
      dirname(target) === file.room ||
      layer.rooms.includes(dirname(target)) ||
      ALSO[file.room]?.includes(target) === true;
    return allowed ? [] : [`${file.path} -> ${target}`];
  });
}

/** The names in a cell of the table, without marks. */
function namesIn(cell: string): string[] {
  const names = cell.split(", ").map((name) => name.replaceAll("`", "").replace(/\/$/, ""));
  return names.filter((name) => !["nothing", "none"].includes(name)).toSorted();
}

/** A chain of imports that ends where it began; undefined when there is none from here. */
function cycleFrom(path: string, chain: readonly string[], done: Set<string>): readonly string[] | undefined {
  if (chain.includes(path)) return [...chain.slice(chain.indexOf(path)), path];
  if (done.has(path)) return undefined;
  const file = files.find((each) => each.path === path);
  for (const specifier of file?.imports ?? []) {
    if (file === undefined || !specifier.startsWith(".")) continue;
    const cycle = cycleFrom(resolved(file, specifier), [...chain, path], done);
    if (cycle !== undefined) return cycle;
  }
  done.add(path);
  return undefined;
}

describe("src", () => {
  test("has files to look at, and their imports are seen", () => {
    expect(files.length).toBeGreaterThan(40);
    expect(files.find(({ path }) => path === "daemon/start.ts")?.imports).toContain("../http/web-server.ts");
  });

  test("imports only what its layer may", () => {
    expect(files.flatMap(breaches)).toEqual([]);
  });

  test("uses everything that its layer may", () => {
    const used = new Set(
      files.flatMap((file) =>
        file.imports.flatMap((specifier) => {
          if (!specifier.startsWith(".")) return [`${file.room} -> ${specifier}`];
          const target = resolved(file, specifier);
          return [`${file.room} -> ${dirname(target)}`, `${file.room} -> ${target}`];
        }),
      ),
    );
    const allowed = Object.entries(LAYERS).flatMap(([room, { rooms, packages }]) =>
      [...rooms, ...packages, ...(ALSO[room] ?? [])].map((each) => `${room} -> ${each}`),
    );
    expect(allowed.filter((each) => !used.has(each))).toEqual([]);
  });

  test("is laid out as the table of src/README.md says", () => {
    const head = "| layer | may import | packages | what lives there |";
    const told = tableOf(readFileSync("src/README.md", "utf8"), head).map(
      ([layer = "", rooms = "", packages = ""]) => [namesIn(layer)[0], [namesIn(rooms), namesIn(packages)]],
    );
    const allowed = Object.entries(LAYERS).map(([room, { rooms, packages }]) => [
      room,
      [[...rooms, ...(ALSO[room] ?? [])].toSorted(), packages.toSorted()],
    ]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(allowed));
  });

  test("imports nothing in a circle", () => {
    const done = new Set<string>();
    expect(files.map(({ path }) => cycleFrom(path, [], done)).filter((cycle) => cycle !== undefined)).toEqual(
      [],
    );
  });

  test(`has no file over ${MOST_LINES} lines`, () => {
    expect(files.filter(({ lines }) => lines > MOST_LINES).map(({ path }) => path)).toEqual([]);
  });

  test("has no file named for what it could hold", () => {
    const vague = /(?:^|\/)(?:util|utils|helper|helpers|manager|data|index|common|misc)\.ts$/;
    expect(files.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
  });

  test.each(RIM)("reaches for $pattern only at the rim", ({ pattern, files: allowed }) => {
    const ours = files.filter(({ path }) => path !== FOR_BROWSERS);
    const reaching = ours.filter(({ path, code }) => pattern.test(code) && !allowed.includes(path));
    expect(reaching.map(({ path }) => path)).toEqual([]);
  });
});

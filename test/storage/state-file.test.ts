import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openStateFile } from "../../src/storage/state-file.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

const MAKE_PIPE = "/usr/bin/mkfifo";

/** Lines of which the second cannot be made. */
function* broken(): Generator<string> {
  yield "x".repeat(1_000_000);
  throw new Error("bug");
}

describe("openStateFile()", () => {
  test("makes the folder and has nothing to read at first", async () => {
    await using folder = await createTempFolder();
    const stateFile = await openStateFile(join(folder.path, "a/b"));
    expect(await stateFile.read()).toBeUndefined();
    expect(stateFile.path).toBe(join(folder.path, "a/b/state.json"));
  });

  test("reads what was written last, and leaves nothing else behind", async () => {
    await using folder = await createTempFolder();
    const stateFile = await openStateFile(folder.path);
    await stateFile.write(["one"]);
    const many = Array.from({ length: 20_000 }, (_, index) => `line ${index} \u00e9`);
    await stateFile.write(many);
    expect(await stateFile.read()).toBe(`${many.join("\n")}\n`);
    expect(await readdir(folder.path)).toEqual(["state.json"]);
  });

  test("keeps the file whole while another is written, even when that fails", async () => {
    await using folder = await createTempFolder();
    const stateFile = await openStateFile(folder.path);
    await stateFile.write(["good"]);
    await expect(stateFile.write(broken())).rejects.toThrow("bug");
    expect(await stateFile.read()).toBe("good\n");
    await stateFile.write(["better"]);
    expect(await stateFile.read()).toBe("better\n");
  });

  test("lets the event loop turn while it writes", async () => {
    await using folder = await createTempFolder();
    const stateFile = await openStateFile(folder.path);
    let turns = 0;
    let most = 0;
    let since = 0;
    function* lines(): Generator<string> {
      for (let index = 0; index < 50_000; index += 1) {
        since += 1;
        most = Math.max(most, since);
        yield "x".repeat(100);
      }
    }
    const tick = (): void => {
      turns += 1;
      since = 0;
      next = setImmediate(tick);
    };
    let next = setImmediate(tick);
    await stateFile.write(lines());
    clearImmediate(next);
    expect(turns).toBeGreaterThan(10);
    // 64 KiB of them, and no more, between two turns.
    expect(most).toBeLessThan(1500);
  });

  test("sets a file aside under a name that tells when", async () => {
    await using folder = await createTempFolder({ "state.json": "junk" });
    const stateFile = await openStateFile(folder.path);
    const aside = await stateFile.setAside(1_800_000_000_000);
    expect(aside).toBe(join(folder.path, "state.json.20270115T080000000Z.unusable"));
    expect(await readFile(aside, "utf8")).toBe("junk");
    expect(await stateFile.read()).toBeUndefined();
  });

  test("rejects for what is no folder", async () => {
    await using folder = await createTempFolder({ file: "" });
    const path = join(folder.path, "file");
    await expect(openStateFile(path)).rejects.toThrow(
      `Cannot use --storage.path "${path}": expected a folder, there is a file of that name`,
    );
    await expect(openStateFile(join(path, "below"))).rejects.toThrow("expected a folder");
    await symlink("loop", join(folder.path, "loop"));
    await expect(openStateFile(join(folder.path, "loop"))).rejects.toThrow(
      /Cannot use --storage\.path .*ELOOP/,
    );
  });

  test("rejects when what is there cannot be read", async () => {
    await using folder = await createTempFolder();
    await mkdir(join(folder.path, "state.json"));
    const stateFile = await openStateFile(folder.path);
    await expect(stateFile.read()).rejects.toThrow("it is a folder");
  });

  test("replaces a file of an earlier crash", async () => {
    await using folder = await createTempFolder({ "state.json.tmp": "half" });
    const stateFile = await openStateFile(folder.path);
    await writeFile(join(folder.path, "state.json"), "old");
    await stateFile.write(["new"]);
    expect(await stateFile.read()).toBe("new\n");
  });
});

test.each([
  [
    "a pipe",
    "expected a regular file, got a pipe or a device",
    (path: string) => execFileSync(MAKE_PIPE, [path]),
  ],
  ["a folder", "it is a folder", (path: string) => mkdir(path)],
  [
    "a device",
    "expected a regular file, got a pipe or a device",
    (path: string) => symlink("/dev/zero", path),
  ],
  [
    "300 MiB of zeros",
    "expected at most 67108864 bytes, got 314572800",
    async (path: string) => {
      await writeFile(path, "");
      await truncate(path, 300 * 1024 * 1024);
    },
  ],
] as const)("%s in place of the state is refused at once, and can be set aside", async (_, message, make) => {
  await using folder = await createTempFolder();
  const stateFile = await openStateFile(folder.path);
  await make(stateFile.path);
  await expect(stateFile.read()).rejects.toThrow(message);
  await stateFile.setAside(0);
  expect(await stateFile.read()).toBeUndefined();
});

test("a pipe in place of the file that is written fails the write in place of holding it", async () => {
  await using folder = await createTempFolder();
  const stateFile = await openStateFile(folder.path);
  execFileSync(MAKE_PIPE, [`${stateFile.path}.tmp`]);
  await expect(stateFile.write(["one"])).rejects.toMatchObject({ code: "ENXIO" });
});

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
  test("has nothing to read at first", async () => {
    await using folder = await createTempFolder();
    const stateFile = openStateFile(folder.path, "t1");
    expect(await stateFile.read()).toBeUndefined();
    expect(await stateFile.readFirstLine()).toBe("");
    expect(stateFile.path).toBe(join(folder.path, "state.json"));
  });

  test("reads what was written last, and leaves nothing else behind", async () => {
    await using folder = await createTempFolder();
    const stateFile = openStateFile(folder.path, "t1");
    await stateFile.write(["one"]);
    const many = Array.from({ length: 20_000 }, (_, index) => `line ${index} \u00e9`);
    await stateFile.write(many);
    expect(await stateFile.read()).toBe(`${many.join("\n")}\n`);
    expect(await readdir(folder.path)).toEqual(["state.json"]);
  });

  test("says why it could not be written where what is half written cannot be removed either", async () => {
    await using folder = await createTempFolder();
    await mkdir(join(folder.path, "state.json.t1.tmp"));
    await expect(openStateFile(folder.path, "t1").write(["one"])).rejects.toThrow("EISDIR");
  });

  test("keeps the file whole while another is written, even when that fails", async () => {
    await using folder = await createTempFolder();
    const stateFile = openStateFile(folder.path, "t1");
    await stateFile.write(["good"]);
    await expect(stateFile.write(broken())).rejects.toThrow("bug");
    expect(await stateFile.read()).toBe("good\n");
    await stateFile.write(["better"]);
    expect(await stateFile.read()).toBe("better\n");
  });

  test("lets the event loop turn while it writes", async () => {
    await using folder = await createTempFolder();
    const stateFile = openStateFile(folder.path, "t1");
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
    const stateFile = openStateFile(folder.path, "t1");
    const aside = await stateFile.setAside(1_800_000_000_000);
    expect(aside).toBe(join(folder.path, "state.json.20270115T080000000Z.unusable"));
    expect(await readFile(aside, "utf8")).toBe("junk");
    expect(await stateFile.read()).toBeUndefined();
  });

  test("rejects when what is there cannot be read", async () => {
    await using folder = await createTempFolder();
    await mkdir(join(folder.path, "state.json"));
    const stateFile = openStateFile(folder.path, "t1");
    await expect(stateFile.read()).rejects.toThrow("it is a folder");
  });

  test("reads its first line alone, however long the file is", async () => {
    await using folder = await createTempFolder();
    const stateFile = openStateFile(folder.path, "t1");
    await stateFile.write(["first", "x".repeat(100_000)]);
    expect(await stateFile.readFirstLine()).toBe("first");
  });

  test("removes what processes before left behind when they were killed, whatever it is, and nothing else", async () => {
    const kept = ["notes.tmp", "state.json", "state.json.20270115T080000000Z.unusable"];
    const left = ["state.json.t0.tmp", "state.json.tmp"];
    await using folder = await createTempFolder(
      Object.fromEntries([...kept, ...left].map((name) => [name, ""])),
    );
    await mkdir(join(folder.path, "state.json.t2.tmp"));
    execFileSync(MAKE_PIPE, [join(folder.path, "state.json.t3.tmp")]);
    await openStateFile(folder.path, "t1").removeLeftovers();
    expect((await readdir(folder.path)).toSorted()).toEqual(kept);
    await openStateFile(join(folder.path, "nowhere"), "t1").removeLeftovers();
  });

  test("leaves nothing on a disk that has no room for it", async () => {
    await using folder = await createTempFolder();
    const stateFile = openStateFile(folder.path, "t1");
    await mkdir(join(folder.path, "state.json"));
    await expect(stateFile.write(["one"])).rejects.toThrow("EISDIR");
    expect(await readdir(folder.path)).toEqual(["state.json"]);
  });

  test("two that write at once never make a file of both", async () => {
    await using folder = await createTempFolder();
    const bodies = ["a", "b"].map((letter) => Array<string>(20_000).fill(letter));
    const writers = bodies.map((_, index) => openStateFile(folder.path, `t${index}`));
    for (let turn = 0; turn < 10; turn += 1) {
      await Promise.all(writers.map((writer, index) => writer.write(bodies[index] ?? [])));
      const text = await writers[0]?.read();
      expect(bodies.map((lines) => `${lines.join("\n")}\n`)).toContain(text);
    }
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
    "expected at most 67108864 bytes, got 314572800; is this the right file?",
    async (path: string) => {
      await writeFile(path, "");
      await truncate(path, 300 * 1024 * 1024);
    },
  ],
] as const)("%s in place of the state is refused at once, and can be set aside", async (_, message, make) => {
  await using folder = await createTempFolder();
  const stateFile = openStateFile(folder.path, "t1");
  await make(stateFile.path);
  await expect(stateFile.read()).rejects.toThrow(message);
  // Whose it is can be asked of a file of any length.
  expect(await stateFile.readFirstLine()).toBe(message.includes("bytes") ? "\0".repeat(1024) : "");
  await stateFile.setAside(0);
  expect(await stateFile.read()).toBeUndefined();
});

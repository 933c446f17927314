import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openStorage } from "../../src/poll/storage.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

/** Lines of which the second cannot be made. */
function* broken(): Generator<string> {
  yield "x".repeat(1_000_000);
  throw new Error("bug");
}

describe("openStorage()", () => {
  test("makes the folder and has nothing to read at first", async () => {
    await using folder = await createTempFolder();
    const storage = await openStorage(join(folder.path, "a/b"));
    expect(await storage.read()).toBeUndefined();
    expect(storage.file).toBe(join(folder.path, "a/b/state.json"));
  });

  test("reads what was written last, and leaves nothing else behind", async () => {
    await using folder = await createTempFolder();
    const storage = await openStorage(folder.path);
    await storage.write(["one"]);
    const many = Array.from({ length: 20_000 }, (_, index) => `line ${index} \u00e9`);
    await storage.write(many);
    expect(await storage.read()).toBe(`${many.join("\n")}\n`);
    expect(await readdir(folder.path)).toEqual(["state.json"]);
  });

  test("keeps the file whole while another is written, even when that fails", async () => {
    await using folder = await createTempFolder();
    const storage = await openStorage(folder.path);
    await storage.write(["good"]);
    await expect(storage.write(broken())).rejects.toThrow("bug");
    expect(await storage.read()).toBe("good\n");
    await storage.write(["better"]);
    expect(await storage.read()).toBe("better\n");
  });

  test("lets the event loop turn while it writes", async () => {
    await using folder = await createTempFolder();
    const storage = await openStorage(folder.path);
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
    await storage.write(lines());
    clearImmediate(next);
    expect(turns).toBeGreaterThan(10);
    // 64 KiB of them, and no more, between two turns.
    expect(most).toBeLessThan(1500);
  });

  test("sets a file aside under a name that tells when", async () => {
    await using folder = await createTempFolder({ "state.json": "junk" });
    const storage = await openStorage(folder.path);
    const aside = await storage.setAside(1_800_000_000_000);
    expect(aside).toBe(join(folder.path, "state.json.20270115T080000000Z.unusable"));
    expect(await readFile(aside, "utf8")).toBe("junk");
    expect(await storage.read()).toBeUndefined();
  });

  test("rejects for what is no folder", async () => {
    await using folder = await createTempFolder({ file: "" });
    const path = join(folder.path, "file");
    await expect(openStorage(path)).rejects.toThrow(
      `Cannot use --storage.path "${path}": expected a folder, there is a file of that name`,
    );
    await expect(openStorage(join(path, "below"))).rejects.toThrow("expected a folder");
    await symlink("loop", join(folder.path, "loop"));
    await expect(openStorage(join(folder.path, "loop"))).rejects.toThrow("Cannot use --storage.path");
  });

  test("replaces a file of an earlier crash", async () => {
    await using folder = await createTempFolder({ "state.json.tmp": "half" });
    const storage = await openStorage(folder.path);
    await writeFile(join(folder.path, "state.json"), "old");
    await storage.write(["new"]);
    expect(await storage.read()).toBe("new\n");
  });
});

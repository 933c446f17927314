import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSink, type Taken } from "../../src/cli/sink.ts";
import { openBrokenSink } from "../helpers/sinks.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

/** Starts a write; what became of it so far. */
function startWrite(fd: number, text: string): () => Taken | undefined {
  let taken: Taken | undefined;
  openSink(fd).write(Buffer.from(text), (result) => (taken = result));
  return () => taken;
}

test("a file takes all at once, after what is in it", async () => {
  await using folder = await createTempFolder({ log: "before\n" });
  const path = join(folder.path, "log");
  const fd = openSync(path, "a");
  expect(startWrite(fd, "after\n")()).toEqual({ bytes: 6 });
  closeSync(fd);
  expect(readFileSync(path, "utf8")).toBe("before\nafter\n");
});

test("a full disk fails, and ends nothing", async () => {
  await using folder = await createTempFolder();
  using broken = openBrokenSink("full disk", folder.path);
  expect(startWrite(broken.fd, "line\n")()).toEqual({ bytes: 0, stopped: "failed" });
});

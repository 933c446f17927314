import { expect, test } from "vitest";
import { syncFile, syncFolder } from "../../src/storage/sync.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";

/** A file whose sync fails with this code. */
function failing(code: string) {
  return { sync: () => Promise.reject(Object.assign(new Error(code), { code })) };
}

test("a folder that is on a disk is brought to it", async () => {
  await using folder = await createTempFolder();
  await expect(syncFolder(folder.path)).resolves.toBeUndefined();
});

test("a folder of a file system that cannot do that is none the worse for it", async () => {
  // EINVAL, as of some network file systems.
  await expect(syncFolder("/proc")).resolves.toBeUndefined();
});

test.each(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EBADF", "EISDIR", "EPERM", "EACCES"])(
  "%s says that the file system has no word for it",
  async (code) => {
    await expect(syncFile(failing(code))).resolves.toBeUndefined();
  },
);

test.each(["EIO", "ENOSPC", "EDQUOT", "ESTALE"])("%s is a failure", async (code) => {
  await expect(syncFile(failing(code))).rejects.toThrow(code);
});

test("a folder that is gone is a failure", async () => {
  await expect(syncFolder("/nowhere")).rejects.toThrow("ENOENT");
});

import { expect, test } from "vitest";
import { createPart } from "../../src/metrics/part.ts";

test("createPart() is compressed once, whoever borrows it", async () => {
  const part = createPart(Buffer.alloc(100_000, "a row\n"));
  using first = part.borrow();
  using second = part.borrow();
  const deflated = await first.deflated();
  expect(await second.deflated()).toBe(deflated);
  expect(deflated.length).toBeLessThan(2000);
});

test("createPart() tries again after compressing has failed", async () => {
  let tries = 0;
  const row = Buffer.from("row\n");
  const part = createPart(row, row, async () => {
    tries += 1;
    if (tries === 1) throw new Error("no memory");
    return Buffer.from("deflated");
  });
  using borrowed = part.borrow();
  await expect(borrowed.deflated()).rejects.toThrow("no memory");
  expect(String(await borrowed.deflated())).toBe("deflated");
  await borrowed.deflated();
  expect(tries).toBe(2);
});

test("createPart() gives its memory back only when every borrower is done, and is not borrowed after that", () => {
  const memory = Buffer.alloc(16);
  const part = createPart(memory.subarray(0, 4), memory);
  const [first, second] = [part.borrow(), part.borrow()];
  expect(part.reclaim()).toBeUndefined();
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  expect(part.reclaim()).toBeUndefined();
  second[Symbol.dispose]();
  expect(part.reclaim()).toBe(memory);
  expect(() => part.borrow()).toThrow("memory");
});

import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { gzipMember } from "../../src/metrics/gzip-member.ts";
import { createPart } from "../../src/metrics/part.ts";

test("gzipMember() makes one valid member of any parts, empty ones and none among them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), async (pieces) => {
      const parts = pieces.map((piece) => createPart(Buffer.from(piece)));
      expect(gunzipSync(await gzipMember(parts)).equals(Buffer.concat(pieces))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("gzipMember() compresses a part once, whatever stands beside it", async () => {
  const kept = createPart(Buffer.alloc(100_000, "a row\n"));
  const deflated = await kept.deflated();
  await gzipMember([kept, createPart(Buffer.from("tail 1\n"))]);
  expect(await kept.deflated()).toBe(deflated);
  expect(deflated.length).toBeLessThan(2000);
});

test("createPart() tries again after compressing has failed", async () => {
  let tries = 0;
  const part = createPart(Buffer.from("row\n"), async () => {
    tries += 1;
    if (tries === 1) throw new Error("no memory");
    return Buffer.from("deflated");
  });
  await expect(part.deflated()).rejects.toThrow("no memory");
  expect(String(await part.deflated())).toBe("deflated");
  await part.deflated();
  expect(tries).toBe(2);
});

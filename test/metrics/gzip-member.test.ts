import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { gzipMember } from "../../src/metrics/gzip-member.ts";
import { createPart } from "../../src/metrics/part.ts";

test("gzipMember() makes one valid member of any parts, empty ones and none among them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), async (pieces) => {
      const parts = pieces.map((piece) => createPart(Buffer.from(piece)).borrow());
      expect(gunzipSync(await gzipMember(parts)).equals(Buffer.concat(pieces))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

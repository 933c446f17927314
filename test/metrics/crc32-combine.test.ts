import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { crc32Combine } from "../../src/metrics/crc32-combine.ts";

const bytes = fc.uint8Array({ maxLength: 300 });

test("crc32Combine() gives the checksum of one sequence after the other", () => {
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const combined = crc32Combine(crc32(first), crc32(second), second.length);
      expect(combined).toBe(crc32(Buffer.concat([first, second])));
    }),
  );
});

test("crc32Combine() holds for bodies of many megabytes", () => {
  const second = Buffer.alloc(40_000_001, "row\n");
  expect(crc32Combine(crc32("head"), crc32(second), second.length)).toBe(crc32(second, crc32("head")));
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ByteEdit } from "../../src/metrics/byte-edit.ts";

/** A stretch to keep, then one to replace, and by what. */
const step = fc.record({
  kept: fc.string({ unit: "grapheme", maxLength: 12 }),
  old: fc.string({ unit: "grapheme-ascii", maxLength: 6 }),
  text: fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.string({ maxLength: 6 })),
});

test("ByteEdit replaces stretches by texts of any length and keeps every other byte", () => {
  fc.assert(
    fc.property(fc.array(step), fc.string({ unit: "grapheme" }), fc.nat(200), (steps, end, room) => {
      const edit = new ByteEdit(
        Buffer.from(steps.map(({ kept, old }) => kept + old).join("") + end),
        Buffer.alloc(room),
      );
      let at = 0;
      for (const { kept, old, text } of steps) {
        at += Buffer.byteLength(kept);
        const isAscii = Buffer.byteLength(text) === text.length;
        if (isAscii) edit.replaceAscii(at, at + old.length, text);
        else edit.replace(at, at + Buffer.byteLength(old), text);
        at += Buffer.byteLength(old);
      }
      expect(edit.finish().bytes.toString()).toBe(steps.map(({ kept, text }) => kept + text).join("") + end);
    }),
  );
});

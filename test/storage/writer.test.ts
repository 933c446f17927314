import { expect, test } from "vitest";
import { nextWriter, type Writer, writerIn, yieldsTo } from "../../src/storage/writer.ts";

const at = (sinceMs: number, id = "a"): Writer => ({ id, sinceMs });

test.each([
  ["began later", at(1), at(2), true],
  ["began earlier", at(2), at(1), false],
  ["is itself", at(1), at(1), false],
  ["began at the same moment, and is the one of the two", at(1, "a"), at(1, "b"), true],
  ["began at the same moment, and is the other of the two", at(1, "b"), at(1, "a"), false],
])("a writer meets one that %s", (_, own, other, yields) => {
  expect(yieldsTo(own, other)).toBe(yields);
});

test.each([
  ["one whose clock is behind", at(500), 1000],
  ["one whose clock is ahead", at(9000), 9001],
  ["one of the same moment", at(1000), 1001],
])("after %s a writer is the newest", (_, before, sinceMs) => {
  const next = nextWriter(before, "b", 999.7);
  expect(next).toEqual({ id: "b", sinceMs });
  expect(yieldsTo(before, next)).toBe(true);
});

test("the first writer begins now", () => {
  expect(nextWriter(undefined, "a", 999.7)).toEqual(at(1000));
});

test.each([
  ['{"writer":{"id":"a","since_ms":7},"more":1}', at(7)],
  ['{"format":"of a version before"}', undefined],
  ['{"writer":{"id":"a","since_ms":"7"}}', undefined],
  ['{"writer":{"id":"a"', undefined],
  ["", undefined],
  ["null", undefined],
])("the first line %s tells who wrote", (line, writer) => {
  expect(writerIn(line)).toEqual(writer);
});

import { expect, test } from "vitest";
import { readBody } from "../../src/api/read-body.ts";

async function* chunks(...parts: readonly (string | Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield typeof part === "string" ? Buffer.from(part) : part;
  }
}

test("readBody() joins characters that were cut between chunks", async () => {
  const bytes = Buffer.from("ä€");
  const split = chunks(bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3));
  expect(await readBody(split, 5)).toEqual({ end: "whole", text: "ä€" });
});

test("readBody() stops after the given number of bytes and keeps them", async () => {
  expect(await readBody(chunks("abc", "def", new Error("not read")), 5)).toEqual({
    end: "too-long",
    text: "abcde",
  });
});

test("readBody() keeps what came before the body broke", async () => {
  const error = new Error("reset");
  expect(await readBody(chunks("abc", error), 5)).toEqual({ end: "broken", text: "abc", error });
});

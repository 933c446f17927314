import { expect, test } from "vitest";
import { assertNever } from "../../src/base/assert-never.ts";

test("assertNever() throws and shows the value that should not have been possible", () => {
  expect(() => assertNever({ type: "surprise" } as never)).toThrow(
    new TypeError('Unexpected value: {"type":"surprise"}'),
  );
});

import { expect, test } from "vitest";
import { nextTurn } from "../../src/base/next-turn.ts";

test("nextTurn() lets what waits for its turn go first", async () => {
  const order: string[] = [];
  setImmediate(() => order.push("waiting"));
  await nextTurn();
  order.push("next turn");
  expect(order).toEqual(["waiting", "next turn"]);
});

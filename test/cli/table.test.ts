import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatTable } from "../../src/cli/table.ts";

test("formatTable() pads all columns but the last, and no line ends in a space", () => {
  const table = formatTable(
    ["STATE", "NAME", "REASON"],
    [
      ["Down", "icon-ewr-01", "no light"],
      ["Healthy", "x", ""],
    ],
  );
  expect(table).toBe("STATE    NAME         REASON\nDown     icon-ewr-01  no light\nHealthy  x\n");
});

test("formatTable() counts neither colours nor the second half of a character as width", () => {
  const table = formatTable(
    ["A", "B"],
    [
      ["\u001b[31mDown\u001b[0m", "x"],
      ["𝒟𝒟", "y"],
    ],
  );
  expect(table).toBe("A     B\n\u001b[31mDown\u001b[0m  x\n𝒟𝒟    y\n");
});

test("formatTable() fills missing cells, and prints the head alone when there are no rows", () => {
  expect(formatTable(["A", "B"], [])).toBe("A  B\n");
  expect(formatTable(["A", "B"], [["1"]])).toBe("A  B\n1\n");
});

test("formatTable() has one line for each row, whatever the cells hold", () => {
  const cell = fc.string({ unit: "grapheme" }).filter((text) => !/\p{Cc}/u.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), (rows) => {
      expect(formatTable(["A", "B"], rows).split("\n")).toHaveLength(rows.length + 2);
    }),
  );
});

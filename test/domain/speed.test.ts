import { expect, test } from "vitest";
import { bytesPerSecond } from "../../src/domain/speed.ts";

test.each([
  ["10G", 1.25e9],
  ["100G", 1.25e10],
  ["50M", 6.25e6],
  ["2.5G", 3.125e8],
  ["1T", 1.25e11],
  ["64K", 8000],
  [" 10 Gbps ", 1.25e9],
  ["10gbit/s", 1.25e9],
  ["10Gb/s", 1.25e9],
])("bytesPerSecond() of %j is %d", (text, wanted) => {
  expect(bytesPerSecond(text)).toBe(wanted);
});

test.each(["", "10", "fast", "G", "10GB/s", "-10G", "10G x2", "1e3G", "10P", "10 G\n1 G"])(
  "bytesPerSecond() makes nothing of %j",
  (text) => {
    expect(bytesPerSecond(text)).toBeUndefined();
  },
);

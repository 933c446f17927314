import { describe, expect, test } from "vitest";
import { parseReplica } from "../../src/cli/replica.ts";

const HOST = "exporter-1";

describe("parseReplica()", () => {
  test.each([
    ["1/1", { index: 1, count: 1 }],
    ["1/2", { index: 1, count: 2 }],
    ["2/2", { index: 2, count: 2 }],
    ["100/100", { index: 100, count: 100 }],
    ["auto/2", { index: 2, count: 2 }],
    ["auto/100", { index: 2, count: 100 }],
  ])("reads %s", (text, wanted) => {
    expect(parseReplica(text, HOST)).toEqual(wanted);
  });

  test.each([
    "3/2",
    "0/2",
    "1/0",
    "0/0",
    "1/101",
    "x",
    "",
    "1",
    "1/2/3",
    "-1/2",
    "1.5/2",
    "01/2",
    "auto",
    "auto/0",
  ])("says what it expected, given %j", (text) => {
    expect(parseReplica(text, HOST)).toBe(
      `--replica: expected I/N such as 1/2, I from 1 to N and N up to 100, or auto/N, got "${text}"`,
    );
  });

  test.each([
    ["cloudflare-interconnect-exporter-0", 1],
    ["name-0.name.monitoring.svc.cluster.local", 1],
    ["name-2", 3],
  ])("takes the ordinal of a StatefulSet's pod, %s", (hostname, index) => {
    expect(parseReplica("auto/3", hostname)).toEqual({ index, count: 3 });
  });

  test.each(["laptop", "name-7d4b9c-x2k1p", "web1", "host.name-0"])("finds no ordinal in %s", (hostname) => {
    expect(parseReplica("auto/3", hostname)).toBe(
      `--replica: auto/3 expected a host name that ends in an ordinal, as name-0 in a StatefulSet, got "${hostname}"; elsewhere write I/3`,
    );
  });

  test("refuses an ordinal beyond the number of replicas, which would spend more than the budget", () => {
    expect(parseReplica("auto/2", "name-2")).toBe(
      '--replica: auto/2 expected an ordinal from 0 to 1 at the end of the host name, got "name-2"; the number after the slash is that of all replicas',
    );
  });
});

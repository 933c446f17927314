import { performance } from "node:perf_hooks";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceptsGzip, negotiateFormat } from "../../../src/http/routes/negotiate.ts";

const PROMETHEUS_2_42 =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
const PROMETHEUS_2_53 =
  "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
const PROMETHEUS_3_5 =
  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

const GARBAGE = [
  ",,,",
  ";",
  ";;q=1",
  "q=1",
  "/",
  "=",
  "\u0000",
  "text",
  "text/plain/x",
  '"',
  "*",
  "text/*/*;q",
  "a;q=b",
];
const HUGE = [
  `text/plain;${"x".repeat(100 * 1024)}`,
  ",".repeat(100 * 1024),
  ";".repeat(100 * 1024),
  " ".repeat(100 * 1024),
  "application/openmetrics-text;q=0.1,".repeat(3000),
];

describe("negotiateFormat()", () => {
  test.each([
    ["Prometheus 2.42", PROMETHEUS_2_42],
    ["Prometheus 2.53", PROMETHEUS_2_53],
    ["Prometheus 3.5", PROMETHEUS_3_5],
    ["its name alone", "application/openmetrics-text"],
    ["a quoted version", 'application/openmetrics-text; version="1.0.0"; charset=utf-8'],
    ["another case and spaces", " Application/OpenMetrics-Text ; Version=1.0.0 ; Q=0.9 , text/plain ; q=0.8"],
    ["equal wishes, it named first", "application/openmetrics-text,text/plain"],
    ["text refused", "text/plain;q=0,*/*"],
    ["an unreadable quality of text", "text/plain;q=much,application/openmetrics-text;q=0.1"],
    ["a wildcard of its type", "application/*,text/plain;q=0.5"],
    [
      "a more specific range above the wildcard",
      "application/openmetrics-text;q=0.9,*/*;q=0.8,text/plain;q=0.1",
    ],
    [
      "the best of its versions",
      "application/openmetrics-text;version=0.0.1;q=0.1,application/openmetrics-text;q=0.9,text/plain;q=0.5",
    ],
  ])("gives OpenMetrics for %s", (_who, accept) => {
    expect(negotiateFormat(accept)).toBe("openmetrics");
  });

  test.each([
    ["no header", undefined],
    ["an empty one", ""],
    ["curl", "*/*"],
    ["a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
    ["text by name", "text/plain; version=0.0.4"],
    ["equal wishes, text named first", "text/plain,application/openmetrics-text"],
    ["OpenMetrics refused", "application/openmetrics-text;q=0,*/*"],
    ["OpenMetrics refused and nothing else wanted", "application/openmetrics-text;q=0"],
    ["q=0.0", "application/openmetrics-text;q=0.000, text/*;q=0.1"],
    ["OpenMetrics wanted less", "application/openmetrics-text;q=0.3,text/plain;q=0.4"],
    ["a version of OpenMetrics that we have not", "application/openmetrics-text;version=2.0.0"],
    ["something else altogether", "image/png"],
    ["an unreadable quality", "application/openmetrics-text;q=much,text/plain;q=0.1"],
  ])("gives text for %s", (_who, accept) => {
    expect(negotiateFormat(accept)).toBe("text");
  });

  test.each([
    ["2.42", PROMETHEUS_2_42],
    ["2.53", PROMETHEUS_2_53],
    ["3.5", PROMETHEUS_3_5],
  ])("gives text to Prometheus %s without its OpenMetrics ranges", (_version, accept) => {
    const ranges = accept.split(",").filter((range) => !range.includes("openmetrics"));
    expect(negotiateFormat(ranges.join(","))).toBe("text");
  });

  test.each(GARBAGE)("gives an answer for %j, and text since nobody asked for more", (accept) => {
    expect(negotiateFormat(accept)).toBe("text");
  });

  test("gives one of the two for any header", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom(...GARBAGE, "text/plain", "application/openmetrics-text", ";q=", ","),
            fc.string(),
          ),
        ),
        (parts) => {
          const header = parts.join("");
          expect(["text", "openmetrics"]).toContain(negotiateFormat(header));
          expect(typeof acceptsGzip(header)).toBe("boolean");
        },
      ),
    );
  });

  test("reads 100 KiB of header in no time", () => {
    for (const header of HUGE) {
      const start = performance.now();
      negotiateFormat(header);
      acceptsGzip(header);
      expect(performance.now() - start).toBeLessThan(100);
    }
  });
});

describe("acceptsGzip()", () => {
  test.each([
    "gzip",
    "GZIP",
    "deflate, gzip;q=0.5",
    "gzip;q=1.0, identity;q=0.5",
    "*",
    "br, *;q=0.1",
    " gzip ; q=0.001",
  ])("is true for %j", (header) => expect(acceptsGzip(header)).toBe(true));
  test.each([
    undefined,
    "",
    "identity",
    "br, deflate",
    "gzip;q=0",
    "gzip;q=0.000",
    "*;q=0",
    "gzip;q=0, *",
    "gzip;q=none",
    "notgzip",
  ])("is false for %j", (header) => expect(acceptsGzip(header)).toBe(false));
});

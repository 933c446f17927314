import { expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { UsageError } from "../../src/cli/flag-values.ts";

test.each(["/-/ready", "/api/v1/interconnects", "/config", "/probe", "/sd", "metrics", "/", "/a b"])(
  "--web.telemetry-path=%s is refused",
  (path) => {
    expect(() => parseCommandLine([`--web.telemetry-path=${path}`])).toThrow(UsageError);
  },
);

test.each(["/metrics", "/probes", "/sd/metrics", "/apis"])("--web.telemetry-path=%s is taken", (path) => {
  expect(parseCommandLine([`--web.telemetry-path=${path}`]).telemetryPath).toBe(path);
});

import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { UsageError } from "../../src/cli/flag-values.ts";
import { webOptionsOf } from "../../src/cli/web-options.ts";

const optionsOf = (...flags: readonly string[]) => webOptionsOf(parseCommandLine(flags), ":13335");

describe("webOptionsOf()", () => {
  test("serves on one address, openly and without a prefix, unless told otherwise", () => {
    expect(optionsOf()).toEqual({
      addresses: [{ host: undefined, port: 13335 }],
      telemetryPath: "/metrics",
      configFile: undefined,
      site: { routePrefix: "", linkPrefix: "", externalOrigin: undefined },
      maxRequests: 40,
      authExemptHealth: false,
    });
  });

  test("takes what the flags say, --web.listen-address more than once", () => {
    expect(
      optionsOf(
        "--web.listen-address=127.0.0.1:1",
        "--web.listen-address",
        "[::1]:2",
        "--web.config.file=web.yml",
        "--web.external-url=https://example.com/a/",
        "--web.route-prefix=/",
        "--web.max-requests=7",
        "--web.auth-exempt-health",
      ),
    ).toEqual({
      addresses: [
        { host: "127.0.0.1", port: 1 },
        { host: "::1", port: 2 },
      ],
      telemetryPath: "/metrics",
      configFile: "web.yml",
      site: { routePrefix: "", linkPrefix: "/a", externalOrigin: "https://example.com" },
      maxRequests: 7,
      authExemptHealth: true,
    });
  });

  test.each([
    [
      "--web.listen-address=13335",
      '--web.listen-address: expected host:port, :port or [::1]:port, got "13335"',
    ],
    ["--web.max-requests=-1", '--web.max-requests: expected a whole number from 0, got "-1"'],
    ["--web.max-requests=4x", '--web.max-requests: expected a whole number from 0, got "4x"'],
    [
      "--web.external-url=example.com",
      '--web.external-url: expected a URL such as https://example.com/exporter, got "example.com"',
    ],
    ["--web.route-prefix=/a?b", '--web.route-prefix: expected a path such as /exporter, got "/a?b"'],
    ["--log.format=xml", '--log.format: expected json or logfmt, got "xml"'],
  ])("refuses %s", (flag, message) => {
    expect(() => optionsOf(flag)).toThrow(new UsageError(message));
  });
});

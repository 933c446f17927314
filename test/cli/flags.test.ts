import { describe, expect, test } from "vitest";
import { type Arguments, FLAGS, parseCommandLine, usage, UsageError } from "../../src/cli/flags.ts";

describe("parseCommandLine()", () => {
  test("runs the daemon with the defaults when nothing is said", () => {
    expect(parseCommandLine([])).toEqual({
      command: "run",
      configFile: undefined,
      listenAddresses: [],
      telemetryPath: "/metrics",
      webConfigFile: undefined,
      site: { routePrefix: "", linkPrefix: "", externalOrigin: undefined },
      maxRequests: 40,
      authExemptHealth: false,
      processMetrics: true,
      autoReload: false,
      enableLifecycle: false,
      replica: undefined,
      storagePath: "",
      stories: [],
      systemdSocket: false,
      logLevel: "info",
      logFormat: "json",
      output: "table",
      from: undefined,
      httpConfigFile: undefined,
      httpTimeoutMs: 10_000,
      textfile: undefined,
      show: undefined,
    });
  });

  test.each<[readonly string[], Partial<Arguments>]>([
    [["run"], { command: "run" }],
    [["check"], { command: "check" }],
    [["status"], { command: "status" }],
    [["discover"], { command: "discover" }],
    [["simulate"], { command: "simulate" }],
    [["demo"], { command: "demo" }],
    [["healthcheck"], { command: "healthcheck" }],
    [["--config.check"], { command: "check" }],
    [["run", "--config.check"], { command: "check" }],
    [["--config.file=a.yaml"], { configFile: "a.yaml" }],
    [["--config.file", "a.yaml"], { configFile: "a.yaml" }],
    [["status", "--config.file", "a.yaml"], { command: "status", configFile: "a.yaml" }],
    [["--config.file", "a.yaml", "status"], { command: "status", configFile: "a.yaml" }],
    [["--config.file=config.yaml"], { configFile: "config.yaml" }],
    [["--web.listen-address=[::1]:9", "--web.listen-address=:8"], { listenAddresses: ["[::1]:9", ":8"] }],
    [["--replica=1/2"], { replica: { index: 1, count: 2 } }],
    [["--storage.path=/var/lib/x"], { storagePath: "/var/lib/x" }],
    [["--web.enable-lifecycle", "--config.auto-reload"], { enableLifecycle: true, autoReload: true }],
    [["--web.telemetry-path=/m/etrics"], { telemetryPath: "/m/etrics" }],
    [["--web.disable-exporter-metrics"], { processMetrics: false }],
    [["--log.level=debug"], { logLevel: "debug" }],
    [["--output=json"], { output: "json" }],
    [["status", "--from=http://a:1/x/"], { from: "http://a:1/x" }],
    [["--http.timeout=1m", "--http.config.file=c"], { httpTimeoutMs: 60_000, httpConfigFile: "c" }],
    [["--textfile=/a.prom"], { textfile: "/a.prom" }],
    [["--version"], { show: "version" }],
    [["--help"], { show: "help" }],
    [["-h"], { show: "help" }],
    [["--version", "--help"], { show: "help" }],
  ])("reads %j", (args, wanted) => {
    expect(parseCommandLine(args)).toMatchObject(wanted);
  });

  test.each([
    [
      ["start"],
      'Unknown command "start": expected run, check, status, discover, simulate, demo, healthcheck',
    ],
    [["toString"], 'Unknown command "toString"'],
    [["run", "demo", "x"], 'Expected one command, got also "demo x"'],
    [["--nope"], "--nope"],
    [["--config.file"], "--config.file"],
    [["--help=yes"], "--help"],
    [["--log.level=loud"], '--log.level: expected debug, info, warn or error, got "loud"'],
    [
      ["--replica=3/2"],
      '--replica: expected I/N such as 1/2, I from 1 to N and N up to 100, or auto/N, got "3/2"',
    ],
    [["--replica="], 'got ""'],
    [
      ["--from=localhost:13335"],
      '--from: expected a URL such as http://localhost:13335, got "localhost:13335"',
    ],
    [["--from=http://a/?x"], "--from: expected a URL"],
    [
      ["--from=http://me:secret@a/"],
      "--from: expected a URL without user and password: they go in --http.config.file",
    ],
    [["--http.timeout=10"], '--http.timeout: expected a duration such as 10s, got "10"'],
    [["--http.timeout=0"], "--http.timeout"],
    [["--output=xml"], '--output: expected table or json, got "xml"'],
    [
      ["--web.telemetry-path=metrics"],
      '--web.telemetry-path: expected a path such as /metrics, got "metrics"',
    ],
    [["--web.telemetry-path=/"], "--web.telemetry-path"],
    [["--web.telemetry-path=/-/ready"], "--web.telemetry-path"],
    [["--web.telemetry-path=/m?x"], "--web.telemetry-path"],
  ])("refuses %j", (args, message) => {
    const parse = (): Arguments => parseCommandLine(args);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });
});

test("usage() names every command and every flag with its default, and the exit codes", () => {
  const text = usage();
  for (const [name, spec] of Object.entries(FLAGS)) {
    expect(text).toContain(`--${name}`);
    expect(text).toContain(spec.help);
  }
  expect(text).toContain("(default /metrics)");
  for (const word of ["run", "check", "status", "discover", "simulate", "demo", "healthcheck"])
    expect(text).toMatch(new RegExp(`^  ${word} +\\S`, "m"));
  expect(text).toContain("Exit codes: 0");
  expect(
    Math.max(
      ...usage()
        .split("\n")
        .map(({ length }) => length),
    ),
  ).toBeLessThan(220);
});

import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { UsageError } from "../../src/cli/flag-values.ts";
import { type Arguments, FLAGS, usage } from "../../src/cli/flags.ts";

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
      autoReloadEveryMs: undefined,
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
    [["--web.enable-lifecycle", "--config.auto-reload"], { enableLifecycle: true, autoReloadEveryMs: 5000 }],
    [["--web.telemetry-path=/m/etrics"], { telemetryPath: "/m/etrics" }],
    [["--web.disable-exporter-metrics"], { processMetrics: false }],
    [["--log.level=debug"], { logLevel: "debug" }],
    [["status", "--output=json"], { output: "json" }],
    [["discover", "--output", "json"], { output: "json" }],
    [["--config.auto-reload", "--config.auto-reload-interval=1m30s"], { autoReloadEveryMs: 90_000 }],
    [["--config.auto-reload-interval=1m"], { autoReloadEveryMs: undefined }],
    [["--no-config.auto-reload"], { autoReloadEveryMs: undefined }],
    [["--web.enable-lifecycle=true"], { enableLifecycle: true }],
    [["--web.enable-lifecycle=false"], { enableLifecycle: false }],
    [["--web.enable-lifecycle", "--no-web.enable-lifecycle"], { enableLifecycle: false }],
    [["--no-web.disable-exporter-metrics"], { processMetrics: true }],
    [["--no-web.auth-exempt-health", "--web.auth-exempt-health"], { authExemptHealth: true }],
    [["--config.check=false"], { command: "run" }],
    [["--config.check", "--storage.path=/var/lib/x"], { command: "check", storagePath: "/var/lib/x" }],
    [["--web.max-requests=0"], { maxRequests: Number.POSITIVE_INFINITY }],
    [["--web.max-requests=7"], { maxRequests: 7 }],
    [["--storage.path=--odd"], { storagePath: "--odd" }],
    [["help"], { show: "help" }],
    [["help", "status"], { show: "help" }],
    [["version"], { show: "version" }],
    [["--help=false"], { show: undefined }],
    [["check", "--help"], { show: "help" }],
    [["status", "--from=http://a:1/x/"], { from: "http://a:1/x" }],
    [["status", "--http.timeout=1m", "--http.config.file=c"], { httpTimeoutMs: 60_000, httpConfigFile: "c" }],
    [["status", "--textfile=/a.prom"], { textfile: "/a.prom" }],
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
      'Unknown command "start": expected run, check, status, discover, simulate, demo, healthcheck, help, version',
    ],
    [["toString"], 'Unknown command "toString"'],
    [["run", "demo", "x"], 'Expected one command, got also "demo x"'],
    [["serve", "run"], 'Unknown command "serve"'],
    [["chekc"], 'Unknown command "chekc", did you mean check?'],
    [["versoin"], 'Unknown command "versoin", did you mean version?'],
    [["--nope"], 'Unknown flag "--nope"'],
    [["--web.listen-adress=:1"], 'Unknown flag "--web.listen-adress", did you mean --web.listen-address?'],
    [["--no-web.enable-lifecicle"], "did you mean --no-web.enable-lifecycle?"],
    [["-web.listen-address=:1"], 'Unknown flag "-web.listen-address", did you mean --web.listen-address?'],
    [["-v"], 'Unknown flag "-v"'],
    [["--no-config.file"], 'Unknown flag "--no-config.file"'],
    [["--toString"], 'Unknown flag "--toString"'],
    [["check", "--output=json"], "--output: check does not use it; it is a flag of status, discover"],
    [["--output", "json", "healthcheck"], "--output: healthcheck does not use it"],
    [["--output=json"], "--output: run does not use it"],
    [["status", "--web.listen-address=:1"], "--web.listen-address: status does not use it"],
    [["demo", "--no-web.enable-lifecycle"], "--web.enable-lifecycle: demo does not use it"],
    [["simulate", "--log.level=debug"], "--log.level: simulate does not use it"],
    [["--web.enable-lifecycle=yes"], '--web.enable-lifecycle: expected true or false, got "yes"'],
    [["--no-web.enable-lifecycle=true"], '--no-web.enable-lifecycle: expected no value, got "true"'],
    [["--web.max-requests=-1"], '--web.max-requests: expected a whole number from 0, got "-1"'],
    [
      ["--config.auto-reload-interval=0"],
      '--config.auto-reload-interval: expected a duration such as 10s, got "0"',
    ],
    [
      ["--config.auto-reload-interval=5"],
      '--config.auto-reload-interval: expected a duration such as 10s, got "5"',
    ],
    [["--config.file"], "--config.file"],
    [["--help=yes"], "--help"],
    [["--log.level=loud"], '--log.level: expected debug, info, warn or error, got "loud"'],
    [
      ["--replica=3/2"],
      '--replica: expected I/N such as 1/2, I from 1 to N and N up to 100, or auto/N, got "3/2"',
    ],
    [["--replica="], 'got ""'],
    [["status", "--output=xml"], '--output: expected table or json, got "xml"'],
    [
      ["status", "--from=localhost:13335"],
      '--from: expected a URL such as http://localhost:13335, got "localhost:13335"',
    ],
    [["status", "--from=http://a/?x"], "--from: expected a URL"],
    [
      ["status", "--from=http://me:secret@a/"],
      "--from: expected a URL without user and password: they go in --http.config.file",
    ],
    [["status", "--http.timeout=10"], '--http.timeout: expected a duration such as 10s, got "10"'],
    [["status", "--http.timeout=0"], "--http.timeout"],
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

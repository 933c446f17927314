import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { runCommand, startCommand, startDaemonProcess } from "../helpers/daemon-process.ts";
import { freePort } from "../helpers/free-port.ts";
import { until, untilTrue } from "../helpers/until.ts";
import { accountWith, configFor } from "../helpers/e2e-account.ts";

const HINT = "See cloudflare-interconnect-exporter --help\n";

describe("help and version", () => {
  test("--help names every command and flag and ends with 0", async () => {
    const { code, stdout, stderr } = await runCommand(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const word of ["run", "check", "simulate", "demo", "healthcheck", "--config.file=FILE", "13335"])
      expect(stdout).toContain(word);
  });

  test.each(["--version", "version"])("%s says which version runs on which Node", async (word) => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    const { code, stdout } = await runCommand([word]);
    expect(code).toBe(0);
    expect(stdout).toBe(`cloudflare-interconnect-exporter ${version} (node ${process.version})\n`);
  });
});

describe("wrong usage ends with 2, says what is wrong and where to look", () => {
  test.each([
    ["an unknown flag", ["--web.listen-adress=:1"], "did you mean --web.listen-address?"],
    ["a flag of another command", ["check", "--output=json"], "check does not use it"],
    ["an unknown command", ["start"], 'Unknown command "start": expected run, check,'],
    ["two commands", ["run", "demo"], '"demo"'],
    ["a flag without its value", ["--config.file"], "--config.file"],
    ["a wrong address", ["--web.listen-address=here"], 'expected host:port, :port or [::1]:port, got "here"'],
    ["a wrong log level", ["--log.level=loud"], "expected debug, info, warn or error"],
  ])("%s", async (_, args, said) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
    expect(stderr.endsWith(HINT)).toBe(true);
    expect(stderr).not.toContain("    at ");
  });
});

describe("a start that fails ends with 1", () => {
  test("without a configuration, and shows the three ways to start", async () => {
    const { code, stdout, stderr } = await runCommand([]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^config\.yaml: cannot read the config: no such file\n/);
    const ways = stderr.split("\n").filter((line) => /^ {2}\d\. /.test(line));
    expect(ways).toHaveLength(3);
    expect(stderr).toContain("--config.file=");
    expect(stderr).toContain("cloudflare-interconnect-exporter demo");
  });

  test("on a port that is taken, and names the port", async () => {
    await using simulator = await startSimulator({ accounts: [accountWith(["icon-ewr-01"])] });
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const config = configFor(simulator, ["icon-ewr-01"], { interval: "1s" });
    const { code, stderr } = await runCommand([`--web.listen-address=127.0.0.1:${port}`], {
      files: { "config.yaml": config },
    });
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}: the port is taken`);
    expect(stderr).not.toContain("    at ");
    expect(simulator.requests).toEqual([]);
  });

  test.each([["run"], ["check"], ["run", "--config.check"]])(
    "%s prints every mistake of a configuration with line and path, and no secret",
    async (...args) => {
      const text = readFileSync("test/e2e/mistakes.yaml", "utf8");
      const expected = text.split("\n").flatMap((line, index) => {
        const wrong = line.split(" # wrong: ")[1];
        return (wrong?.split(", ") ?? []).map((path) => `config.yaml:${index + 1}: ${path}`);
      });
      const { code, stdout, stderr } = await runCommand(args, { files: { "config.yaml": text } });
      // Each is followed by the line of the file that it is about, indented.
      const problems = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("    "));
      expect(expected.length).toBeGreaterThan(25);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(problems.filter((line, index) => !line.startsWith(expected[index] ?? "?"))).toEqual([]);
      expect(problems).toHaveLength(expected.length);
      expect(stderr).not.toContain("CANARY");
    },
  );
});

describe("check", () => {
  test("prints the polls of each account and what they cost, and asks nothing", async () => {
    await using simulator = await startSimulator({ accounts: [accountWith(["icon-ewr-01"])] });
    const config = configFor(simulator, ["icon-ewr-01", "icon-ewr-02"], { interval: "30s" });
    const { code, stdout } = await runCommand(["check"], { files: { "config.yaml": config } });
    expect(code).toBe(0);
    expect(stdout).toContain("Credential of production\n");
    expect(stdout).toMatch(/interconnects: +2\n/);
    expect(stdout).toMatch(/polls in 5 minutes: +20\n/);
    expect(stdout).toMatch(/of Cloudflare's 1200: +2 %/);
    expect(simulator.requests).toEqual([]);
  });
});

describe("healthcheck", () => {
  test("ends with 0 while the daemon is alive and with 1 when nobody answers", async () => {
    await using simulator = await startSimulator({ accounts: [accountWith(["icon-ewr-01"])] });
    await using daemon = await startDaemonProcess({
      config: configFor(simulator, ["icon-ewr-01"], { interval: "1s" }),
    });
    const alive = await runCommand(["healthcheck", `--web.listen-address=127.0.0.1:${daemon.port}`]);
    const nobody = await runCommand(["healthcheck", `--web.listen-address=127.0.0.1:${await freePort()}`]);
    expect(alive).toMatchObject({ code: 0, stdout: "Healthy\n", stderr: "" });
    expect(nobody).toMatchObject({ code: 1, stdout: "" });
    expect(nobody.stderr).toContain("ECONNREFUSED");
  });
});

describe("simulate", () => {
  test("prints an address, an account and a token that work together", async () => {
    await using simulate = await startCommand(["simulate", "--web.listen-address=127.0.0.1:0"]);
    const said = await until(
      "the simulator to say where it is",
      () =>
        /at (?<url>http\S+)\n\s+account_id: (?<account>\w+)\n\s+api_token:\s+(?<token>\S+)\ninterconnects:\n\s+\S+\n\s+- (?<name>\S+)/.exec(
          simulate.stdout(),
        )?.groups,
    );
    const url = `${said["url"]}/accounts/${said["account"]}/cni/interconnects/${said["name"]}/status`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${said["token"]}` } });
    expect(response.status).toBe(200);
    expect(await response.json()).toHaveProperty("state");
    simulate.kill("SIGTERM");
    expect(await simulate.ended).toEqual({ code: 0, signal: null });
  });
});

test("demo ends with 0 on SIGINT, as after Ctrl-C", async () => {
  await using demo = await startCommand(["demo", "--web.listen-address=127.0.0.1:0"]);
  await untilTrue("the demo to poll", () => demo.stderr().includes("Interconnect changed state"));
  demo.kill("SIGINT");
  expect(await demo.ended).toEqual({ code: 0, signal: null });
});

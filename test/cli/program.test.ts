import { expect, test } from "vitest";
import { program } from "../../src/cli/program.ts";

const NEVER = new AbortController().signal;

/** Runs the program over sinks that keep what they get. */
async function runProgram(argv: readonly string[], stop: AbortSignal = NEVER) {
  const texts = { 1: "", 2: "" };
  let endsOnHangup = false;
  const ended = await program(
    {
      argv,
      env: {},
      pid: 4711,
      packageJson: '{"version":"1.2.3"}',
      revision: "",
      runbooksFolder: "docs/runbooks",
      nodeVersion: "v24",
      stop,
      onHangup: () => undefined,
      endOnHangup: () => (endsOnHangup = true),
    },
    (descriptor) => ({
      write(bytes, done) {
        texts[descriptor as 1 | 2] += bytes.toString();
        done({ bytes: bytes.length });
      },
    }),
  );
  return { ...ended, stdout: texts[1], stderr: texts[2], endsOnHangup };
}

test("program() prints its version on standard output, and wrong usage on standard error", async () => {
  const version = await runProgram(["--version"]);
  expect(version).toMatchObject({ code: 0, isWriting: false, stderr: "" });
  expect(version.stdout).toBe("cloudflare-interconnect-exporter 1.2.3 (node v24)\n");
  const wrong = await runProgram(["--loud"]);
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain("--loud");
});

test("a program that was asked to stop before it had begun serves nobody, and ends with 0", async () => {
  const nothing = ["--config.file=/does/not/exist.yaml"];
  expect(await runProgram(["run", ...nothing], AbortSignal.abort())).toMatchObject({ code: 0, stderr: "" });
  // What answers by its exit code must not say that all is well.
  expect(await runProgram(["check", ...nothing], AbortSignal.abort())).toMatchObject({ code: 1 });
  expect(await runProgram(["status", ...nothing], AbortSignal.abort())).toMatchObject({ code: 3 });
});

test("SIGHUP ends every command but run, which reloads", async () => {
  const nothing = ["--config.file=/does/not/exist.yaml"];
  expect(await runProgram(["run", ...nothing])).toMatchObject({ code: 1, endsOnHangup: false });
  expect(await runProgram(["check", ...nothing])).toMatchObject({ code: 1, endsOnHangup: true });
});

import { expect, test } from "vitest";
import { createLogger } from "../../src/cli/logger.ts";

const TOKEN = "cfut_CANARYCANARYCANARYCANARYCANARYCANARY";
const OLD_TOKEN = "aCANARY0123_-CANARY0123CANARY0123CANARY0";

function logged(logFormat: "json" | "logfmt", fields: Readonly<Record<string, unknown>>): string {
  let lines = "";
  const output = { write: (line: string) => (lines += line), onFlowing: () => undefined };
  createLogger({ logLevel: "info", logFormat }, output).info(fields, "Said");
  return lines;
}

test.each(["json", "logfmt"] as const)(
  "the log in %s shows no credential, wherever it came along",
  (format) => {
    for (const secret of [
      TOKEN,
      OLD_TOKEN,
      `Bearer ${TOKEN}`,
      "https://me:CANARY@example.com",
      "api_token=CANARY",
    ]) {
      const fields = [
        { problem: `config.yaml: got "${secret}"` },
        { error: `first line\n${secret}` },
        { err: new Error(`of ${secret}`) },
        { nested: { list: [`x ${secret} y`] } },
      ];
      for (const field of fields) {
        const line = logged(format, field);
        expect(line).not.toContain("CANARY");
        expect(line).toContain("<secret>");
        expect(line.endsWith("\n")).toBe(true);
      }
    }
  },
);

test("the log leaves what becomes a label, and lines without anything that looks like a secret", () => {
  const name = "ICON-newyork-city-equinix-ny5-primary-01";
  expect(logged("json", { account: "a", interconnect: name, error: "a = b @ c" })).toContain(
    `"account":"a","interconnect":"${name}","error":"a = b @ c","msg":"Said"`,
  );
});

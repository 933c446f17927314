import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";

async function warnedOf(patterns: readonly string[]): Promise<readonly (string | undefined)[]> {
  const account = { name: "production", account_id: "0".repeat(32), api_token: "t", interconnects: ["icon"] };
  const reasons = { classes: patterns.map((match, index) => ({ name: `class${index}`, match })) };
  const result = await parseConfig(JSON.stringify({ accounts: [account], reasons }), { file: "config.yaml" });
  expect(result.ok).toBe(true);
  return result.warnings.map(({ path, message }) => {
    expect(message).toContain("can take very long on some texts");
    const index = /^reasons\.classes\[(?<index>\d+)\]\.match$/.exec(path)?.groups?.["index"];
    return patterns[Number(index)];
  });
}

test("patterns that can take for ever are warned of, nested or ambiguous, exponential or of a high power", async () => {
  const slow = [
    String.raw`^(\w+\s?)*$`,
    "(a|a)*$",
    "(a|aa)+$",
    "(x+x+)+y",
    "(.*a){20}",
    ".*.*.*=.*",
    String.raw`(\d+)*x`,
    "(?:.*?,){11}P",
    "(?=(a+)+b)c",
  ];
  expect(await warnedOf(slow)).toEqual(slow);
});

test("patterns of every day are not, lookbehind and the built-in classes' among them", async () => {
  const good = [
    "cross.?connect",
    "no light|loss of (?:light|signal)",
    String.raw`(?:rx|tx)\b.{0,20}\bswap`,
    String.raw`admin\w{0,20}[ _-]{0,3}(?:down|disabled|shut)`,
    String.raw`(?:loss of )?(?:light|signal) (?:low\b|below)`,
    ".*optic.*",
    "(?<!no )light",
    "(?<=port )down",
    String.raw`^port .* down\s+$`,
    "(?<what>low|weak) light",
  ];
  expect(await warnedOf(good)).toEqual([]);
});

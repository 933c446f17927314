import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { check, describeCost } from "../../src/cli/check.ts";
import { testAccount, testConfig } from "../helpers/generation-subject.ts";
import { createTempFolder } from "../helpers/temp-folder.ts";
import { runWith } from "../helpers/command-context.ts";

async function costOf(settings: Readonly<Record<string, unknown>>): Promise<string> {
  return describeCost(await testConfig(settings));
}

describe("describeCost()", () => {
  test("tells what a credential asks, against the budget and Cloudflare's limit", async () => {
    const text = await costOf({ accounts: [testAccount("production", 20)] });
    expect(text.split("\n")).toEqual([
      "The configuration is valid",
      "Credential of production",
      "  interconnects:            20",
      "  polls in 5 minutes:       100",
      "  list calls in 5 minutes:  0",
      "  of the budget of 600:     17 %",
      "  of Cloudflare's 1200:     9 %, shared with people's dashboards",
      "  shortest safe interval:   14s",
      "  interval in effect:       1m",
      "",
    ]);
  });

  test("says that the interval is stretched where the budget is too small, and by how much", async () => {
    const text = await costOf({ poll: { interval: "30s" }, accounts: [testAccount("production", 300)] });
    expect(text).toMatch(/of the budget of 600: +500 %\n/);
    expect(text).toMatch(/of Cloudflare's 1200: +250 %,/);
    expect(text).toMatch(/shortest safe interval: +3m20s\n/);
    expect(text).toMatch(/interval in effect: +3m20s, stretched from 30s to hold the budget\n/);
  });

  test("warns where a change would be noticed later than an answer is believed, and says what to do", async () => {
    const far = { accounts: [testAccount("east", 500, "one"), testAccount("west", 500, "one")] };
    expect(await costOf(far)).toMatch(
      /interval in effect: +11m7s, .*\n +warning: +a change is noticed as late as that; poll fewer .* another user/,
    );
    const usual = { accounts: [testAccount("east", 500, "one"), testAccount("west", 500, "two")] };
    expect(await costOf(usual)).not.toContain("warning");
    expect(await costOf({ ...far, poll: { stale_after: "30m" } })).not.toContain("warning");
    expect(await costOf({ poll: { interval: "15m" }, accounts: [testAccount("a", 10)] })).not.toContain(
      "warning",
    );
  });

  test("counts accounts that share a credential as one, and others apart", async () => {
    const text = await costOf({
      accounts: [testAccount("east", 10, "one"), testAccount("west", 5, "one"), testAccount("lab", 1)],
    });
    expect(text.match(/^Credential of .*/gm)).toEqual(["Credential of east, west", "Credential of lab"]);
    expect(text.match(/polls in 5 minutes: +\d+/g)?.map((line) => line.split(/ +/).at(-1))).toEqual([
      "75",
      "5",
    ]);
  });

  test("counts list calls, and says that what discovery finds is not counted", async () => {
    const discovery = { enabled: true, interval: "2m" };
    const text = await costOf({ accounts: [{ ...testAccount("production", 2), discovery }] });
    expect(text).toMatch(
      /interconnects: +2 listed, and those that discovery finds, which are not counted here\n/,
    );
    expect(text).toMatch(/list calls in 5 minutes: +3\n/);
    expect(await costOf({ accounts: [testAccount("production", 2)] })).not.toContain("discovery");
  });
});

describe("describeCost() of replicas", () => {
  test("tells what each asks of its part of the budget, and what all ask of Cloudflare", async () => {
    const config = await testConfig({ accounts: [testAccount("production", 100)] });
    const text = describeCost(config, { index: 1, count: 2 });
    expect(text.split("\n").slice(2)).toEqual([
      "  interconnects:            100",
      "  polls in 5 minutes:       500",
      "  list calls in 5 minutes:  0",
      "  of the part of 300:       167 %, 1/2 of the budget of 600",
      "  of Cloudflare's 1200:     84 %, all 2 replicas, shared with people's dashboards",
      "  shortest safe interval:   2m14s",
      "  interval in effect:       2m14s, stretched from 1m to hold the budget",
      "",
    ]);
  });
});

describe("check()", () => {
  test("ends with 0 and the cost of a valid configuration, warnings beside it", async () => {
    const config = JSON.stringify({ api: { budget: 2400 }, accounts: [testAccount("production", 1)] });
    await using folder = await createTempFolder({ "config.yaml": config });
    const path = join(folder.path, "config.yaml");
    const { code, printed, errors } = await runWith(check, { args: [`--config.file=${path}`] });
    expect(code).toBe(0);
    expect(printed).toMatch(/^The configuration is valid\n/);
    expect(errors).toMatch(/api\.budget: .* \(warning\)\n$/);
  });

  test("ends with 1 and every problem of a wrong one", async () => {
    await using folder = await createTempFolder({ "config.yaml": "poll: { interval: soon }\nacounts: []\n" });
    const path = join(folder.path, "config.yaml");
    const { code, printed, errors } = await runWith(check, { args: [`--config.file=${path}`] });
    expect({ code, printed }).toEqual({ code: 1, printed: "" });
    expect(errors).toContain(`${path}:1: poll.interval: `);
    expect(errors).toContain(`${path}:2: unknown key "acounts"`);
  });
});

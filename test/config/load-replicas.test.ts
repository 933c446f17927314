import { describe, expect, test } from "vitest";
import { configFromEnv } from "../../src/config/from-env.ts";
import { parseConfig } from "../../src/config/load.ts";
import { formatProblem } from "../../src/document/problems.ts";
import { PLAIN, text } from "../helpers/parse-config.ts";

async function load(budget: number | undefined, replicas: number) {
  const head = budget === undefined ? "" : `api: { budget: ${budget} }`;
  const result = await parseConfig(text(PLAIN, head), { file: "config.yaml", replicas });
  const lines = (problems: typeof result.warnings) =>
    problems.map((problem) => formatProblem("config.yaml", problem));
  return { problems: result.ok ? [] : lines(result.problems), warnings: lines(result.warnings) };
}

describe("api.budget of several replicas", () => {
  test.each([
    [undefined, 2],
    [600, 2],
    [1000, 2],
    [1200, 2],
    [400, 2],
    [300, 1],
    [600, 1],
  ])("is taken as that of all together: %s for %d", async (budget, replicas) => {
    expect(await load(budget, replicas)).toEqual({ problems: [], warnings: [] });
  });

  test.each([
    [300, 2, 150],
    [200, 3, 66],
    [400, 3, 133],
    [100, 2, 50],
  ])("is named when it looks as if it were divided by hand: %d for %d", async (budget, replicas, share) => {
    const { problems, warnings } = await load(budget, replicas);
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      `config.yaml:1: api.budget: ${budget} looks like the part of one of ${replicas} replicas. It is divided among them by --replica, so that each may send ${share}: write here what all may send together`,
    ]);
  });

  test("leaves each of them 10 requests at least", async () => {
    expect((await load(19, 2)).problems).toEqual([
      "config.yaml:1: api.budget: expected at least 20, 10 for each of 2 replicas, got 19",
    ]);
    expect((await load(20, 2)).problems).toEqual([]);
  });

  test("is enough for each when the environment stands in for a file, up to 60 of them", async () => {
    const env = { CLOUDFLARE_API_TOKEN: "token", CLOUDFLARE_ACCOUNT_ID: "023e105f4ecef8ad9ca31a8372d0c353" };
    expect(await configFromEnv(env, 60)).toMatchObject({ ok: true });
    expect(await configFromEnv(env, 61)).toMatchObject({
      ok: false,
      problems: [
        { path: "api.budget", message: "expected at least 610, 10 for each of 61 replicas, got nothing" },
      ],
    });
  });
});

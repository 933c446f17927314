import { expect, test } from "vitest";
import { simulate } from "../../src/cli/simulate.ts";
import { startCommand } from "../helpers/command-context.ts";
import { until } from "../helpers/until.ts";

test("simulate() prints where it is, serves there, and ends with 0", async () => {
  const it = startCommand(simulate, ["--web.listen-address=127.0.0.1:0"]);
  const url = await until("the address", () => /at (?<url>http:\S+)/.exec(it.printed())?.groups?.["url"]);
  expect((await fetch(`${url}/user/tokens/verify`, { headers: { authorization: "Bearer x" } })).status).toBe(
    401,
  );
  expect(await it.stop()).toBe(0);
});

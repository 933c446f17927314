import { expect, test } from "vitest";
import { demo } from "../../src/cli/demo.ts";
import { startCommand } from "../helpers/command-context.ts";
import { until } from "../helpers/until.ts";

test("demo() prints where it is, serves there, and ends with 0", async () => {
  const it = startCommand(demo, ["--web.listen-address=127.0.0.1:0"]);
  const url = await until(
    "the address",
    () => /Metrics: +(?<url>http:\S+)/.exec(it.printed())?.groups?.["url"],
  );
  expect((await fetch(url, { headers: { authorization: "Bearer x" } })).status).toBe(200);
  expect(await it.stop()).toBe(0);
});

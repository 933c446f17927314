import { expect, test } from "vitest";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../../helpers/entry-builder.ts";
import { portsOf } from "../../helpers/http-ports.ts";
import { httpSubject } from "../../helpers/http-subject.ts";
import { reading } from "../../helpers/picture.ts";

const CIRCUIT = buildTarget("icon 01/ü");
const STATE = replay([planned(buildPlan([CIRCUIT])), answer(instant(0), "Down", "x", CIRCUIT.key)]);
const PATH = `/interconnects/production/${encodeURIComponent("icon 01/ü")}`;

test("a circuit has a page under its name in percent-encoding", async () => {
  await using it = httpSubject(portsOf(STATE, instant(0)));
  const { statusCode, headers, body } = await it.app.inject(PATH);
  expect([statusCode, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
  expect(body).toContain("<title>Down · icon 01/ü · production</title>");
});

test("a circuit has its support bundle as text to paste", async () => {
  await using it = httpSubject(portsOf(STATE, instant(0)));
  const { statusCode, headers, body } = await it.app.inject(`${PATH}/support.txt`);
  expect([statusCode, headers["content-type"]]).toEqual([200, "text/plain; charset=utf-8"]);
  expect(body).toMatch(/^Cloudflare Network Interconnect: icon 01\/ü\n/);
});

test("a circuit that is not polled has neither, and one account's name is not another's", async () => {
  await using it = httpSubject(portsOf(STATE, instant(0)));
  for (const path of [
    "/interconnects/production/icon-02",
    "/interconnects/production%2Ficon%2001/%C3%BC",
    "/interconnects/__proto__/constructor",
    `/interconnects/production/${"x".repeat(5000)}`,
  ]) {
    for (const url of [path, `${path}/support.txt`]) {
      const { statusCode, body } = await it.app.inject(url);
      expect([statusCode, body]).toEqual([
        404,
        "No such interconnect is polled: the wall at / shows those that are\n",
      ]);
    }
  }
});

test("a circuit's page tells what is wrong with its own account alone", async () => {
  const pausedUntilMs = instant(60_000).unixMs;
  const paused = (account: string) => [reading({ account, pausedUntilMs })];
  await using other = httpSubject({ ...portsOf(STATE, instant(0)), accounts: () => paused("lab") });
  expect((await other.app.inject(PATH)).body).not.toContain("429");
  await using own = httpSubject({ ...portsOf(STATE, instant(0)), accounts: () => paused("production") });
  expect((await own.app.inject(PATH)).body).toContain("Cloudflare answers 429");
});

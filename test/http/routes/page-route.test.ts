import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderPage } from "../../../src/http/routes/page-route.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  failure,
  instant,
  planned,
  replay,
} from "../../helpers/entry-builder.ts";
import { portsOf } from "../../helpers/http-ports.ts";
import { httpSubject } from "../../helpers/http-subject.ts";
import { hostileText } from "../../helpers/hostile-text.ts";

const OPTIONS = { version: "1.2.3", telemetryPath: "/metrics", linkPrefix: "", whyNotReady: () => undefined };
const TARGETS = [buildTarget("icon-01"), buildTarget("icon-02"), buildTarget("icon-03")];

/** The texts of the table's cells, row by row. */
function cellsOf(page: string): string[][] {
  const body = page.slice(page.indexOf("<tbody>"), page.indexOf("</tbody>"));
  return [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([row]) =>
    [...row.matchAll(/<td>([\s\S]*?)<\/td>/g)].map(([, cell = ""]) => cell),
  );
}

test("/ is a page with the states, which nothing in it can make do anything", async () => {
  await using it = httpSubject(portsOf(replay([planned(buildPlan(TARGETS))]), instant(0)));
  const { statusCode, headers, body } = await it.app.inject("/");
  expect([statusCode, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(cellsOf(body).map(([, name]) => name)).toEqual(["icon-01", "icon-02", "icon-03"]);
});

test("renderPage() shows name, version, links and a row per interconnect", () => {
  const state = replay([
    planned(buildPlan(TARGETS)),
    answer(instant(1000), "Down", "No light on port 7", TARGETS[0]?.key),
    failure(instant(2000), "timeout", TARGETS[0]?.key),
    answer(instant(1000), "Healthy", "", TARGETS[1]?.key),
  ]);
  const page = renderPage({ state, now: instant(92_000) }, { ...OPTIONS, telemetryPath: "/m" });
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain("<h1>Cloudflare Interconnect Exporter</h1>");
  expect(page).toContain("1.2.3");
  for (const href of ["/m", "/api/v1/interconnects", "/sd", "/config", "/-/healthy", "/-/ready"])
    expect(page).toContain(`<a href="${href}">`);
  expect(cellsOf(page)).toEqual([
    [
      "production",
      "icon-01",
      "Down",
      "No light on port 7",
      "2027-01-15T08:00:01.000Z",
      "1m31s ago; the last poll failed: timeout of a test",
    ],
    ["production", "icon-02", "Healthy", "", "2027-01-15T08:00:01.000Z", "1m31s ago"],
    ["production", "icon-03", "Unknown", "not polled yet", "2027-01-15T08:00:00.000Z", "never"],
  ]);
});

test("renderPage() says how old an answer is by the clock that does not jump", () => {
  const state = replay([planned(buildPlan([buildTarget()])), answer(instant(0), "Healthy")]);
  const now = { unixMs: instant(0).unixMs + 86_400_000, monoMs: instant(5000).monoMs };
  expect(cellsOf(renderPage({ state, now }, OPTIONS))[0]?.at(-1)).toBe("5s ago");
});

interface Texts {
  readonly name: string;
  readonly account: string;
  readonly reason: string;
  readonly message: string;
}

/** The tags of a page on which these texts are shown. */
function tagsWith({ name, account, reason, message }: Texts): string[] {
  const target = buildTarget(name, { account });
  const failed = { ...failure(instant(2), "tls", target.key), failure: { kind: "tls" as const, message } };
  const down = answer(instant(1), "Down", reason, target.key);
  const state = replay([planned(buildPlan([target])), down, failed]);
  const page = renderPage(
    { state, now: instant(3) },
    { whyNotReady: () => undefined, version: name, telemetryPath: "/metrics", linkPrefix: "" },
  );
  return page.match(/<[^>]*>/g) ?? [];
}

test("renderPage() shows no text as anything but text, whatever names, reasons and errors hold", () => {
  const texts = fc.record({
    name: hostileText,
    account: hostileText,
    reason: hostileText,
    message: hostileText,
  });
  const expected = tagsWith({ name: "n", account: "a", reason: "r", message: "m" });
  expect(
    tagsWith({ name: "</td><b>", account: "</script>", reason: "<img src=x>", message: '"><i>' }),
  ).toEqual(expected);
  fc.assert(
    fc.property(texts, (any) => {
      expect(tagsWith(any)).toEqual(expected);
    }),
  );
});

test("renderPage() says why the exporter is not ready, as long as it is not", () => {
  const snapshot = { state: replay([planned(buildPlan([]))]), now: instant(0) };
  const why = "3 of 4 interconnects have not been polled yet";
  expect(renderPage(snapshot, { ...OPTIONS, whyNotReady: () => why })).toContain(`<p>Not ready: ${why}</p>`);
  expect(renderPage(snapshot, OPTIONS)).not.toContain("Not ready");
});

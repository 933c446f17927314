import { expect, test } from "vitest";
import { siteOf } from "../../../src/http/site.ts";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../../helpers/entry-builder.ts";
import { portsOf } from "../../helpers/http-ports.ts";
import { httpSubject } from "../../helpers/http-subject.ts";

const TARGETS = [buildTarget("icon-01"), buildTarget("icon-02")];
const STATE = replay([planned(buildPlan(TARGETS)), answer(instant(0), "Down", "x", TARGETS[1]?.key)]);

test("/ is the wall, in which nothing can make the browser do anything", async () => {
  await using it = httpSubject(portsOf(STATE, instant(0)));
  const { statusCode, headers, body } = await it.app.inject("/");
  expect([statusCode, headers["content-type"], headers["cache-control"]]).toEqual([
    200,
    "text/html; charset=utf-8",
    "no-store",
  ]);
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["content-security-policy"]).not.toContain("unsafe");
  expect(body).toMatch(/^<!doctype html>/);
  expect(body).toContain("<title>1 Down, 1 Unknown of 2");
  expect(body).not.toMatch(
    /\sstyle=|<style|<script(?! src="\/assets\/live\.[\w-]+\.js" defer><\/script>)|\son\w+=/,
  );
});

test("/ takes its filter from the address", async () => {
  await using it = httpSubject(portsOf(STATE, instant(0)));
  expect((await it.app.inject("/?state=Down")).body).toContain("<title>1 Down of 1");
  expect((await it.app.inject("/?state=Down&state=Unknown")).body).toContain("<title>1 Down, 1 Unknown of 2");
  expect((await it.app.inject("/?q=%3Cimg%20src=x%3E&site[]=x&page=-1&tv=%00")).statusCode).toBe(200);
});

test("/ turns what a form sends into an address that can be passed on", async () => {
  await using it = httpSubject(portsOf(STATE, instant(0)), {
    site: siteOf({ origin: undefined, path: "/cni" }, undefined),
  });
  const { statusCode, headers } = await it.app.inject("/cni/?q=a%26b&account=&site=&state=Down");
  expect([statusCode, headers.location]).toEqual([303, "/cni/?q=a%26b&state=Down"]);
});

test("the links of / begin with the prefix of the site", async () => {
  await using it = httpSubject(portsOf(STATE, instant(0)), {
    site: siteOf({ origin: undefined, path: "/cni" }, undefined),
  });
  const { body } = await it.app.inject("/cni/");
  const links = [...body.matchAll(/(?:href|action)="([^"#][^"]*)"/g)].map(([, link]) => link);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((link) => link?.startsWith("/cni/") !== true)).toEqual([]);
});

test("/ gives way before the survey of all circuits and between it and the page", async () => {
  const order: string[] = [];
  const ports = portsOf(STATE, instant(0));
  await using it = httpSubject({
    ...ports,
    read() {
      setImmediate(() => {
        order.push("others");
        setImmediate(() => order.push("others"));
      });
      return {
        state: STATE,
        get now() {
          order.push("made");
          return instant(0);
        },
      };
    },
  });
  await it.app.inject("/");
  const steps = order.filter((step, index) => step !== order[index - 1]);
  expect(steps).toEqual(["others", "made", "others", "made"]);
});

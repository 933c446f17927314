import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { LinkState } from "../../src/domain/link-state.ts";
import { type ExporterState, reduce } from "../../src/domain/state.ts";
import { NO_INFO } from "../../src/domain/target.ts";
import { openTab, startBrowser } from "../helpers/browser.ts";
import { answer, buildPlan, buildTarget, planned, replay } from "../helpers/entry-builder.ts";
import { reading } from "../helpers/picture.ts";
import { untilTrue } from "../helpers/until.ts";
import { startWebSubject, type WebSubject } from "../helpers/web-subject.ts";

/** What the issue of a page that is not true any more allows. */
const SOON_MS = 2000;
const LOST_MS = 5000;

const TARGETS = Array.from({ length: 60 }, (_, n) =>
  buildTarget(`icon-${n < 30 ? "ewr" : "fra"}-${String(n).padStart(2, "0")}`, {
    info: { ...NO_INFO, site: n < 30 ? "ewr-a" : "fra-a", speed: "10G" },
  }),
);

const FILTER_OF_MAIN = 'getComputedStyle(document.querySelector("main")).filter';

let browser: Browser;
let state: ExporterState;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());
beforeEach(() => {
  state = replay([planned(buildPlan(TARGETS))]);
  for (const { interconnect } of TARGETS) answered(interconnect, "Healthy");
});

function answered(name: string, link: LinkState, reason?: string): void {
  const key = TARGETS.find(({ interconnect }) => interconnect === name)?.key ?? name;
  state = reduce(state, answer(systemClock.now(), link, reason, key));
}

async function serve(port = 0): Promise<WebSubject & { readonly origin: string }> {
  const server = await startWebSubject(
    { addresses: [{ host: "127.0.0.1", port }] },
    { read: () => ({ state, now: systemClock.now() }), accounts: () => [reading({ account: "production" })] },
  );
  return { ...server, origin: `http://127.0.0.1:${server.port}` };
}

async function namesNeedingAttention(page: Page): Promise<readonly string[]> {
  return await page.$$eval("#attention .name a", (links) => links.map((link) => link.textContent ?? ""));
}

/** The stream of a page that was opened just now is there, and the page asked for once more. */
async function untilLive(page: Page): Promise<void> {
  const fetches =
    'performance.getEntriesByType("resource").filter((each) => each.initiatorType === "fetch").length';
  await untilTrue("the page to ask again", async () => (await page.evaluate(fetches)) === 1);
}

test("what changes is shown within 2 s without a reload, in the title and the icon too", async () => {
  await using server = await serve();
  await using tab = await openTab(browser, server.origin);
  const { page } = tab;
  await untilLive(page);
  await page.evaluate("window.isSamePage = true");
  answered("icon-ewr-07", "Down", "No light");
  await untilTrue(
    "the first line",
    async () => (await page.locator("h1").innerText()) === "1 Down of 60",
    SOON_MS,
  );
  expect(await namesNeedingAttention(page)).toEqual(["icon-ewr-07"]);
  expect(await page.title()).toMatch(/^1 Down of 60 · oldest answer \d+ s$/);
  expect(await page.locator("link[rel=icon]").getAttribute("href")).toContain("/Down.");
  // Another reason moves nothing: the row alone is drawn anew.
  answered("icon-ewr-07", "Down", "<b>Light is low");
  await page.getByText("<b>Light is low").waitFor({ timeout: SOON_MS });
  expect(await page.evaluate("window.isSamePage")).toBe(true);
  expect(tab.complaints).toEqual([]);
});

test("what was unfolded, typed, focused and scrolled to stays as it is", async () => {
  await using server = await serve();
  answered("icon-fra-40", "Down");
  await using tab = await openTab(browser, server.origin);
  const { page } = tab;
  await untilLive(page);
  await page.locator("summary", { hasText: "fra-a" }).click();
  await page.locator("input[name=q]").fill("half a wo");
  const row = page.locator("li", { hasText: "icon-fra-50" });
  await row.locator(".name a").focus();
  await row.scrollIntoViewIfNeeded();
  const top = async (): Promise<number> => Math.round((await row.boundingBox())?.y ?? 0);
  const before = await top();
  expect(await page.evaluate("scrollY")).toBeGreaterThan(0);
  for (const name of ["icon-ewr-01", "icon-ewr-02", "icon-fra-31"]) answered(name, "Down");
  await untilTrue("three more", async () => (await namesNeedingAttention(page)).length === 4, SOON_MS);
  expect(await page.locator("details[open] summary bdi").allInnerTexts()).toEqual(["fra-a"]);
  expect(await page.locator("input[name=q]").inputValue()).toBe("half a wo");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("icon-fra-50");
  expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(2);
});

test("a filtered wall is told of its own circuits alone", async () => {
  await using server = await serve();
  await using tab = await openTab(browser, `${server.origin}/?site=fra-a`);
  const { page } = tab;
  await untilLive(page);
  let asked = 0;
  page.on("request", (request) => {
    if (request.resourceType() === "fetch") asked += 1;
  });
  answered("icon-ewr-01", "Down");
  // Three more events, a second apart, leave a page time enough to ask again for the first one.
  for (const name of ["icon-fra-33", "icon-fra-34", "icon-fra-35"]) {
    const age = page.locator("li", { hasText: name }).locator(".age [data-age]");
    await untilTrue("an age of some seconds", async () =>
      /^[3-9] s|^\d\d s/.test((await age.textContent()) ?? ""),
    );
    answered(name, "Healthy");
    await untilTrue("a new age", async () => /^[01] s$/.test((await age.textContent()) ?? ""), SOON_MS);
  }
  expect([asked, await page.locator("h1").innerText()]).toEqual([0, "All 30 Healthy"]);
  answered("icon-fra-33", "Down");
  await untilTrue("its own", async () => (await page.locator("h1").innerText()) === "1 Down of 30", SOON_MS);
});

test("a page of one circuit follows each of its polls", async () => {
  await using server = await serve();
  await using tab = await openTab(browser, `${server.origin}/interconnects/production/icon-fra-33`);
  const { page } = tab;
  await untilLive(page);
  answered("icon-fra-33", "Down", "No light");
  await untilTrue("the state", async () => (await page.title()).startsWith("Down · icon-fra-33"), SOON_MS);
  expect(tab.complaints).toEqual([]);
});

test("a page says within 5 s that the connection is lost, and takes it back when it is there again", async () => {
  let server = await serve();
  const { port } = server;
  await using tab = await openTab(browser, server.origin);
  const { page } = tab;
  await untilLive(page);
  await server[Symbol.asyncDispose]();
  await page.getByRole("alert").waitFor({ timeout: LOST_MS });
  expect(await page.getByRole("alert").innerText()).toMatch(/^Connection lost\. .* \d+ s ago\.$/);
  expect(await page.title()).toMatch(/^Connection lost · All 60 Healthy/);
  expect(await page.evaluate(FILTER_OF_MAIN)).toBe("grayscale(1)");
  await tab.shoot("connection-lost");
  answered("icon-ewr-01", "Down");
  server = await serve(port);
  await page.getByRole("alert").waitFor({ state: "detached" });
  expect(await page.title()).toMatch(/^1 Down of 60/);
  expect(await page.evaluate(FILTER_OF_MAIN)).toBe("none");
  answered("icon-ewr-02", "Down");
  await untilTrue("live again", async () => (await page.locator("h1").innerText()) === "2 Down of 60", 5000);
  await server[Symbol.asyncDispose]();
});

test("a hidden tab has no stream and asks for nothing, and is true as soon as it is seen", async () => {
  await using server = await serve();
  await using tab = await openTab(browser, server.origin);
  const { page } = tab;
  await untilLive(page);
  const ended = page.waitForEvent("requestfailed", (request) => request.resourceType() === "eventsource");
  const see = async (isHidden: boolean): Promise<void> => {
    await page.evaluate((hidden) => {
      const it = globalThis as unknown as { document: EventTarget };
      Object.defineProperty(it.document, "hidden", { value: hidden, configurable: true });
      it.document.dispatchEvent(new Event("visibilitychange"));
    }, isHidden);
  };
  await see(true);
  await ended;
  answered("icon-ewr-01", "Down");
  await see(false);
  await page.getByText("1 Down of 60").waitFor({ timeout: SOON_MS });
  expect(await namesNeedingAttention(page)).toEqual(["icon-ewr-01"]);
});

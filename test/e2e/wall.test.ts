import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRunbooks } from "../../src/cli/read-runbooks.ts";
import { STATES_WORST_FIRST } from "../../src/domain/verdict.ts";
import { NO_INFO } from "../../src/domain/target.ts";
import { openTab, startBrowser } from "../helpers/browser.ts";
import { dayPicture } from "../helpers/day.ts";
import { type DaemonProcess, startDemoProcess } from "../helpers/daemon-process.ts";
import { answer, buildTarget, failure, instant } from "../helpers/entry-builder.ts";
import { portsOf } from "../helpers/http-ports.ts";
import { type HttpSubject, httpSubject } from "../helpers/http-subject.ts";
import { pictureOf, reading } from "../helpers/picture.ts";
import { until, untilTrue } from "../helpers/until.ts";

let browser: Browser;
let demo: DaemonProcess;

beforeAll(async () => {
  [browser, demo] = await Promise.all([startBrowser(), startDemoProcess()]);
  await untilTrue("the demo's outage", async () =>
    (await (await fetch(demo.origin)).text()).includes(">1 Down"),
  );
});
afterAll(async () => {
  await browser?.close();
  await demo?.[Symbol.asyncDispose]();
});

/** What axe finds against WCAG 2.2 AA and good practice. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  // A policy that refuses inline scripts does not hold for what the browser's owner evaluates.
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}

/** By how much a page is wider than its window, and the smallest text that is shown; runs in the browser. */
const SIZES = `(() => {
  const shown = [...document.querySelectorAll("body *")].filter((element) =>
    element.getClientRects().length > 0 &&
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ""));
  return {
    overhang: document.documentElement.scrollWidth - window.innerWidth,
    smallest: Math.min(...shown.map((element) => Number.parseFloat(getComputedStyle(element).fontSize))),
  };
})()`;

async function sizesOn(page: Page): Promise<{ readonly overhang: number; readonly smallest: number }> {
  return await page.evaluate(SIZES);
}

/** State and name of each row in the order of the page. */
async function rowsOn(page: Page): Promise<readonly { readonly state: string; readonly name: string }[]> {
  return await page.$$eval("li.row", (rows) =>
    rows.map((row) => ({
      state: row.querySelector(".chip")?.textContent?.trim() ?? "",
      name: row.querySelector(".name a")?.textContent ?? "",
    })),
  );
}

test("the wall shows what is wrong first, and says so in its first line and its title", async () => {
  await using tab = await openTab(browser, demo.origin);
  const { page } = tab;
  const attention = await page.$$eval("#attention .chip", (chips) =>
    chips.map((chip) => chip.textContent?.trim()),
  );
  expect(attention).toEqual(
    attention.toSorted(
      (a = "", b = "") =>
        STATES_WORST_FIRST.findIndex((state) => state === a) -
        STATES_WORST_FIRST.findIndex((state) => state === b),
    ),
  );
  expect(attention[0]).toBe("Down");
  const headline = await page.locator("h1").innerText();
  expect(headline).toMatch(/^\d Down.* of 12$/);
  expect((await page.title()).startsWith(`${headline} · oldest answer `)).toBe(true);
  expect(await page.locator("#groups").innerText()).toContain("frankfurt 1 of 2 healthy, minimum 2");
  await tab.shoot("wall-light");
  expect(tab.complaints).toEqual([]);
});

test("the wall's states are those of the JSON API and of /metrics of the same moment", async () => {
  await using tab = await openTab(browser, demo.origin);
  const shown = await until("a moment without a change in between", async () => {
    const states = async () => {
      const { interconnects } = (await (await fetch(`${demo.origin}/api/v1/interconnects`)).json()) as {
        interconnects: readonly { state: string; interconnect: string }[];
      };
      return interconnects.map(({ state, interconnect }) => `${interconnect} ${state}`).toSorted();
    };
    const before = await states();
    await tab.page.reload();
    const metrics = await (await fetch(`${demo.origin}/metrics`)).text();
    const after = await states();
    return JSON.stringify(before) === JSON.stringify(after) ? { metrics, after } : undefined;
  });
  const rows = await rowsOn(tab.page);
  expect(rows.map(({ state, name }) => `${name} ${state}`).toSorted()).toEqual(shown.after);
  const ones = shown.metrics.matchAll(
    /^cloudflare_interconnect_state\{account="simulated",interconnect="([^"]+)",state="([^"]+)"\} 1$/gm,
  );
  expect([...ones].map(([, name, state]) => `${name} ${state}`).toSorted()).toEqual(shown.after);
});

test("a filter is kept in the address, where it can be taken away again", async () => {
  await using tab = await openTab(browser, demo.origin);
  const { page } = tab;
  await page.getByLabel("Find").fill("carrier");
  await page.getByLabel("Only sites").selectOption("lhr-a");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL(`${demo.origin}/?q=carrier&site=lhr-a`);
  expect((await rowsOn(page)).map(({ name }) => name).every((name) => name.startsWith("icon-lhr"))).toBe(
    true,
  );
  await page.reload();
  expect(await page.getByLabel("Find").inputValue()).toBe("carrier");
  await page.getByRole("link", { name: "No longer only site lhr-a" }).click();
  await page.waitForURL(`${demo.origin}/?q=carrier`);
  expect(await rowsOn(page)).toHaveLength(12);
  expect(tab.complaints).toEqual([]);
});

test("without script the wall is complete, opens its folds and asks again by itself", async () => {
  await using tab = await openTab(browser, demo.origin, { script: false });
  const { page } = tab;
  expect(await page.locator("meta[http-equiv=refresh]").count()).toBe(1);
  expect(await page.locator("li.row").count()).toBe(12);
  const fold = page.locator("details").filter({ hasText: "ewr-a" });
  expect(await fold.locator("li.row").first().isVisible()).toBe(false);
  await fold.locator("summary").click();
  expect(await fold.locator("li.row").first().isVisible()).toBe(true);
  await page.locator("#attention .name a").first().click();
  await page.getByRole("link", { name: "Support bundle" }).click();
  expect(await page.locator("body").innerText()).toContain("All times are UTC.");
});

const DOWN = "icon-fra-02-outage-no-light";
const PAGES = [
  ["wall", "/?account=simulated"],
  ["screen", "/?tv"],
  ["circuit", `/interconnects/simulated/${DOWN}`],
  ["runbooks", "/runbooks/"],
  ["runbook", "/runbooks/CloudflareInterconnectDataStale"],
] as const;

test.each(PAGES)(
  "the page %s has no violation, fits 360 px and is read at 16 px, dark and light",
  async (name, path) => {
    for (const scheme of ["light", "dark"] as const) {
      await using tab = await openTab(browser, demo.origin + path, { width: 360, height: 780, scheme });
      expect(await violationsOn(tab.page)).toEqual([]);
      const { overhang, smallest } = await sizesOn(tab.page);
      expect(overhang).toBeLessThanOrEqual(0);
      expect(smallest).toBeGreaterThanOrEqual(16);
      await tab.shoot(`${name}-phone-${scheme}`);
      await tab.page.setViewportSize({ width: 1920, height: 1080 });
      await tab.shoot(`${name}-television-${scheme}`);
      expect(tab.complaints).toEqual([]);
    }
  },
);

const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "\u202egnp.exe\u200f",
  "\"'><script>alert(2)</script>",
  "😀".repeat(20),
  `long${"x".repeat(10_240)}`,
];

describe("over a story of our own,", () => {
  let subject: HttpSubject | undefined;
  afterAll(() => subject?.[Symbol.asyncDispose]());

  async function serve(picture: ReturnType<typeof pictureOf>): Promise<string> {
    await subject?.[Symbol.asyncDispose]();
    const { snapshot, accounts, whyNotReady } = picture;
    subject = httpSubject({
      ...portsOf(snapshot.state, snapshot.now),
      accounts: () => accounts,
      whyNotReady: () => whyNotReady,
      runbooks: readRunbooks("docs/runbooks"),
    });
    return await subject.app.listen({ port: 0, host: "127.0.0.1" });
  }

  const DAY_VIEWS = [
    ["day-wall", "/", { width: 1280, height: 800 }],
    ["day-circuit", "/interconnects/production/icon-fra-02", { width: 1280, height: 800 }],
    ["day-phone", "/", { width: 360, height: 780, scheme: "dark" }],
    ["day-television", "/?tv", { width: 1920, height: 1080 }],
  ] as const;

  test("a day of history is drawn, and the pictures of the documentation are of it", async () => {
    const origin = await serve(dayPicture());
    for (const [name, path, view] of DAY_VIEWS) {
      await using tab = await openTab(browser, origin + path, view);
      const strip = tab.page.locator("svg.strip").first();
      // Hours of Healthy, minutes of Down, nothing that is not known.
      expect(
        await strip.locator("path").evaluateAll((paths) => paths.map((path) => path.classList[0])),
      ).toEqual(expect.arrayContaining(["Healthy", "Down"]));
      expect((await sizesOn(tab.page)).overhang).toBeLessThanOrEqual(0);
      await tab.shoot(name);
      expect(tab.complaints).toEqual([]);
    }
  });

  test("hostile names, labels and reasons are shown as the text that they are", async () => {
    const targets = HOSTILE.map((text, n) =>
      buildTarget(n === 4 ? "icon-04" : text, {
        labels: { note: text },
        info: { ...NO_INFO, facility: text },
      }),
    );
    const events = targets.map(({ key }, n) => answer(instant(n), "Down", HOSTILE[n], key));
    const origin = await serve(pictureOf(targets, events));
    await using tab = await openTab(browser, origin, { width: 360, height: 780 });
    expect(await tab.page.locator("img, body script").count()).toBe(0);
    expect(
      (await tab.page.locator("#attention").innerText()).match(/<img src=x onerror=alert\(1\)>/g),
    ).toHaveLength(5);
    expect((await sizesOn(tab.page)).overhang).toBeLessThanOrEqual(0);
    await tab.shoot("hostile-wall");
    for (const { key } of targets) {
      const [account = "", ...name] = key.split("/");
      await tab.page.goto(`${origin}/interconnects/${account}/${encodeURIComponent(name.join("/"))}`);
      expect(await tab.page.locator("img, body script").count()).toBe(0);
      expect((await sizesOn(tab.page)).overhang).toBeLessThanOrEqual(0);
    }
    expect(tab.complaints).toEqual([]);
  });

  test("the banner stands above the circuits for each of its causes, and a screen reader is told of it", async () => {
    const targets = Array.from({ length: 6 }, (_, n) =>
      buildTarget(`icon-ewr-0${n}`, { info: { ...NO_INFO, site: "ewr-a", speed: "10G" } }),
    );
    const answered = targets.map(({ key }) => answer(instant(0), "Healthy", undefined, key));
    const failing = (kind: "rate_limited" | "unauthorized" | "timeout", ms: number) =>
      targets.map(({ key }) => failure(instant(ms), kind, key));
    const pausedUntilMs = instant(300_000).unixMs;
    const now = instant(900_000);
    const causes = {
      starting: { ...pictureOf(targets, []), whyNotReady: "waiting for the first poll of 6 interconnects" },
      paused: {
        ...pictureOf(targets, [...answered, ...failing("rate_limited", 1000)]),
        accounts: [reading({ pausedUntilMs })],
      },
      refused: pictureOf(targets, [...answered, ...failing("unauthorized", 1000)]),
      stale: pictureOf(targets, [...answered, ...failing("timeout", 900_000)], { now }),
    };
    const texts: Record<string, string> = {};
    for (const [cause, picture] of Object.entries(causes)) {
      await using tab = await openTab(browser, await serve(picture), { height: 700 });
      texts[cause] = await tab.page.getByRole("status").innerText();
      await tab.shoot(`banner-${cause}`);
    }
    await using paused = await openTab(browser, await serve(causes.paused));
    expect(await violationsOn(paused.page)).toEqual([]);
    expect(texts).toEqual({
      starting: expect.stringContaining("The exporter is not ready."),
      paused: expect.stringContaining("Cloudflare answers 429 to account “production”."),
      refused: expect.stringContaining("Cloudflare does not accept the credential of account “production”."),
      stale: expect.stringContaining("6 older than 10 min and so Unknown"),
    });
  });
});

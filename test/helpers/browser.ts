import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's; another's by `CHROMIUM_BIN`. */
const EXECUTABLE = process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium";
/** Where the screenshots go, for people to look at. */
const SCREENSHOTS =
  process.env["SCREENSHOTS"] ?? join(tmpdir(), "cloudflare-interconnect-exporter-screenshots");

/** Starts Chromium. Rejects when there is none: a check that is skipped would count as passed. */
export async function startBrowser(): Promise<Browser> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  return await chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

interface View {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
  readonly script?: boolean;
}

/** A tab, and all that the browser complains of in it: what a policy refuses, what fails to load, what a script throws. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Keeps a picture of the whole page. */
  readonly shoot: (name: string) => Promise<void>;
}

/** Opens an address in a tab of its own. */
export async function openTab(
  browser: Browser,
  url: string,
  { width = 1280, height = 900, scheme = "light", script = true }: View = {},
): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    javaScriptEnabled: script,
    deviceScaleFactor: width < 600 ? 2 : 1,
    // What is looked at must not move.
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() !== "log") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    // A stream ends with its page.
    if (request.resourceType() !== "eventsource") complaints.push(`${request.url()} failed`);
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return {
    page,
    complaints,
    shoot: async (name) => {
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

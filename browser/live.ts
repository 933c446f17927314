import type { Changes } from "../src/http/pages/changes.ts";
import { ageOf, countOldest, countOn, setAge, takeAges } from "./ages.ts";
import { mergeInner, mergePage, mergeRow } from "./merge.ts";

/** Keeps an open page true. Without it the page is complete, and asks again by itself. */

type Change = Changes & { readonly spreadMs: number };

/** What is not told of, such as strips and the marks of ages, is so old at most. */
const RENEW_MS = 30_000;
/** Longer than the server is ever silent. */
const SILENT_MS = 20_000;
const FETCH_MS = 3000;
const LONGEST_WAIT_MS = 15_000;
const STEADY_MS = 10_000;

const script = document.currentScript;
const events = new URL("../events", script instanceof HTMLScriptElement ? script.src : location.href);
const circuit = document.getElementById("main")?.dataset["circuit"];

let source: EventSource | undefined;
let openedMs = 0;
let heardMs = 0;
let fetchedMs = performance.now();
let spreadMs = 0;
/** Connections in a row that did not last. */
let failures = 0;
let asking: ReturnType<typeof setTimeout> | undefined;
let connecting: typeof asking;
/** Whoever connected before this run of it is over. */
let run = 0;

function connect(): void {
  source?.close();
  source = new EventSource(events);
  heardMs = performance.now();
  source.addEventListener("open", () => {
    openedMs = heardMs = performance.now();
    // What happened between the page and its stream nobody told.
    ask();
  });
  source.addEventListener("beat", () => {
    heardMs = performance.now();
  });
  source.addEventListener("change", ({ data }: MessageEvent<string>) => {
    heardMs = performance.now();
    apply(JSON.parse(data) as Change);
  });
  source.addEventListener("error", reconnect);
}

function disconnect(): void {
  run += 1;
  source?.close();
  source = undefined;
  clearTimeout(connecting);
  clearTimeout(asking);
  asking = undefined;
}

/** After a break: the page first, and with its answer the stream. */
function reconnect(): void {
  const wasSteady = source !== undefined && openedMs > 0 && performance.now() - openedMs > STEADY_MS;
  disconnect();
  openedMs = 0;
  if (wasSteady) failures = 0;
  failures += 1;
  // Whatever broke is asked at once, all pages not in one moment; what stays broken ever less often.
  const waitMs = Math.random() * Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures);
  connecting = setTimeout(() => void connectAfter(renew(), run), waitMs);
}

async function connectAfter(renewing: Promise<boolean>, thisRun: number): Promise<void> {
  const isAnswered = await renewing;
  if (thisRun !== run) return;
  showLost(!isAnswered);
  if (isAnswered) connect();
  else reconnect();
}

function apply(change: Change): void {
  spreadMs = change.spreadMs;
  for (const row of change.rows) mergeRow(row);
  for (const [id, ageMs] of change.ages) {
    const age = document.getElementById(id)?.querySelector(".age [data-age]");
    if (age == null || ageMs === null) continue;
    if (ageMs < ageOf(age)) age.parentElement?.classList.remove("old", "doubtful");
    setAge(age, ageMs);
  }
  countOldest(change.oldestMs);
  const faults = document.getElementById("faults");
  const isNewBanner = faults !== null && withoutTimes(faults.innerHTML) !== withoutTimes(change.banner);
  if (faults !== null && circuit === undefined) mergeInner(faults, change.banner);
  countOn();
  const concerns =
    circuit === undefined
      ? change.moved.some(isShown)
      : isNewBanner || change.moved.length > 0 || change.ages.some(([id]) => id === circuit);
  if (change.all || concerns) ask();
}

/** The parts of a text that change with the time alone do not count, nor how a browser writes it back. */
function withoutTimes(html: string): string {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  return body.textContent.replaceAll(/\d+ (?:s|min|h|d)\b|\s+/g, "");
}

/** Whether the page shows this circuit, before or after it moved, by its address. */
function isShown({ id, account, site, group, states }: Change["moved"][number]): boolean {
  const query = new URLSearchParams(location.search);
  const allows = (name: string, ...values: readonly string[]): boolean => {
    const chosen = query.getAll(name).filter((value) => value !== "");
    return chosen.length === 0 || chosen.some((value) => values.some((each) => sameText(each, value)));
  };
  return (
    document.getElementById(id) !== null ||
    (allows("account", account) &&
      allows("site", site) &&
      allows("group", group) &&
      allows("state", ...states))
  );
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.trim().toLowerCase();
}

/** Asks for the page again: soon, once for all reasons that there are, and not in the same moment as all others. */
function ask(): void {
  if (asking !== undefined) return;
  const sinceMs = performance.now() - fetchedMs;
  const waitMs = Math.random() * spreadMs + Math.max(0, 1000 - sinceMs);
  asking = setTimeout(() => void askAgain(renew()), waitMs);
}

async function askAgain(renewing: Promise<boolean>): Promise<void> {
  const isAnswered = await renewing;
  asking = undefined;
  if (!isAnswered && source !== undefined) ask();
}

/** Fetches the page and merges it in. False when there was no answer, or not this page. */
async function renew(): Promise<boolean> {
  fetchedMs = performance.now();
  try {
    const response = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(FETCH_MS) });
    // No such circuit any more: the server says so better.
    if (response.status === 404) location.reload();
    if (!response.ok) return false;
    if (!mergePage(await response.text())) location.reload();
    return true;
  } catch {
    return false;
  }
}

function showLost(isLost: boolean): void {
  const shown = document.getElementById("lost");
  document.documentElement.classList.toggle("lost", isLost);
  if (!isLost) shown?.remove();
  if (!isLost || shown !== null) return;
  const banner = document.createElement("div");
  banner.id = "lost";
  banner.className = "banner";
  banner.setAttribute("role", "alert");
  banner.innerHTML =
    '<p><strong>Connection lost.</strong> The exporter does not answer: this is what it said <span data-age="0">0 s</span> ago.</p>';
  document.getElementById("facts")?.after(banner);
  const [age] = banner.querySelectorAll("[data-age]");
  if (age !== undefined) setAge(age, performance.now() - Math.max(heardMs, fetchedMs - FETCH_MS));
  document.title = `Connection lost · ${document.title}`;
}

function look(): void {
  countOn();
  if (source === undefined) return;
  const nowMs = performance.now();
  if (nowMs - heardMs > SILENT_MS) reconnect();
  else if (nowMs - fetchedMs > Math.max(RENEW_MS, 6 * spreadMs)) ask();
}

/** A tab that nobody sees needs nothing. */
function onVisibility(): void {
  disconnect();
  if (document.hidden) return;
  failures = 0;
  reconnect();
}

document.documentElement.classList.add("live");
takeAges(document);
setInterval(look, 1000);
document.addEventListener("visibilitychange", onVisibility);
addEventListener("pagehide", disconnect);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) onVisibility();
});
addEventListener("offline", () => {
  showLost(true);
  reconnect();
});
if (!document.hidden) connect();

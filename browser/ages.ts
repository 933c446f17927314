import { durationText } from "../src/http/pages/words.ts";

interface Age {
  readonly ageMs: number;
  /** By the browser's clock that does not jump: it is held against no other. */
  readonly atMs: number;
}

const known = new WeakMap<Element, Age>();

/** Takes every age in it for one of this moment. */
export function takeAges(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-age]")) {
    setAge(element, Number(element.dataset["age"]));
  }
}

export function setAge(element: Element, ageMs: number): void {
  known.set(element, { ageMs, atMs: performance.now() });
}

export function ageOf(element: Element): number {
  const { ageMs, atMs } = known.get(element) ?? { ageMs: 0, atMs: performance.now() };
  return ageMs + performance.now() - atMs;
}

/** Writes how old everything is by now, in the title too. */
export function countOn(): void {
  for (const element of document.querySelectorAll("[data-age]")) {
    const text = durationText(ageOf(element));
    if (element.textContent !== text) element.textContent = text;
  }
  const oldest = document.querySelector("#oldest")?.textContent;
  if (oldest === undefined) return;
  const title = document.title.replace(/(?<=oldest answer )[^·]*?(?= ·|$)/, oldest);
  if (title !== document.title) document.title = title;
}

/** After polls: what is the oldest answer in a fold and on the page, where all of them are here. */
export function countOldest(oldestMs: number | null): void {
  const isWhole = document.querySelector("nav.pages") === null;
  const folds = isWhole ? document.querySelectorAll("details") : [];
  for (const fold of folds) setOldest(fold.querySelector("summary [data-age]"), oldestIn(fold));
  const ofPage = isFiltered() ? (isWhole ? oldestIn(document) : null) : oldestMs;
  setOldest(document.querySelector("#oldest"), ofPage);
}

function setOldest(element: Element | null, ageMs: number | null): void {
  if (element !== null && ageMs !== null) setAge(element, ageMs);
}

function oldestIn(root: ParentNode): number | null {
  const ages = [...root.querySelectorAll(".row .age [data-age]")].map(ageOf);
  return ages.length === 0 ? null : Math.max(...ages);
}

/** Whether the address chooses among the circuits. */
function isFiltered(): boolean {
  const query = new URLSearchParams(location.search);
  return ["q", "account", "site", "group", "state"].some((name) => query.has(name));
}

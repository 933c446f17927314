import { Idiomorph } from "idiomorph";
import { takeAges } from "./ages.ts";

/** What people have done to the page stays: what they typed, what they unfolded, where they are. */
const KEEP: Parameters<typeof Idiomorph.morph>[2] = {
  restoreFocus: true,
  callbacks: {
    beforeNodeMorphed: (node) => !(node instanceof HTMLFormElement),
    beforeAttributeUpdated: (name, element) => name !== "open" || element.localName !== "details",
  },
};

/** Makes the page like the one that was fetched. False when that one is of another version, and takes another script. */
export function mergePage(text: string): boolean {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (scriptOf(fresh) !== scriptOf(document)) return false;
  keepScroll(() => {
    for (const id of ["head", "main"]) merge(document.getElementById(id), fresh.getElementById(id));
  });
  document.title = fresh.title;
  const icon = fresh.querySelector("link[rel=icon]")?.getAttribute("href");
  if (icon != null) document.querySelector("link[rel=icon]")?.setAttribute("href", icon);
  return true;
}

function scriptOf(page: Document): string | null | undefined {
  return page.querySelector("head script")?.getAttribute("src");
}

/** Draws a row anew where it is; one that is not on this page is none of ours. */
export function mergeRow(html: string): void {
  const [row] = elementsOf(html);
  if (row !== undefined) keepScroll(() => merge(document.getElementById(row.id), row));
}

/** Puts these elements in the place of those that are in it. */
export function mergeInner(place: Element, html: string): void {
  keepScroll(() => {
    void Idiomorph.morph(place, elementsOf(html), { ...KEEP, morphStyle: "innerHTML" });
  });
}

function elementsOf(html: string): Element[] {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children];
}

function merge(old: Element | null, fresh: Element | null): void {
  if (old === null || fresh === null) return;
  void Idiomorph.morph(old, fresh, KEEP);
  takeAges(old);
}

/** What is looked at stays where it is while what is above grows or shrinks. At the very top, the top is looked at. */
function keepScroll(change: () => void): void {
  const looked = scrollY === 0 ? [] : [...document.querySelectorAll("li.row, summary, h2")];
  const before = looked
    .map((element) => ({ element, top: element.getBoundingClientRect().top }))
    .filter(({ top }) => top >= 0 && top < innerHeight);
  change();
  const moves = before
    .filter(({ element }) => element.isConnected)
    .map(({ element, top }) => element.getBoundingClientRect().top - top)
    .toSorted((a, b) => a - b);
  // One of them may have moved for its own sake.
  const middle = moves[Math.floor(moves.length / 2)] ?? 0;
  if (middle !== 0) scrollBy({ top: middle, behavior: "instant" });
}

import { createHash } from "node:crypto";
import { STATES } from "../../domain/link-state.ts";
import { iconOf, PAGE_ICON } from "./shape.ts";
import { LIVE_SCRIPT } from "./live-script.ts";
import { STYLE } from "./style.ts";

/** A file that pages refer to. It never changes under its name, which holds a hash of what is in it. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

const FILES: Readonly<Record<string, Asset>> = {
  "style.css": { type: "text/css; charset=utf-8", body: STYLE },
  "live.js": { type: "text/javascript; charset=utf-8", body: LIVE_SCRIPT },
  "page.svg": { type: "image/svg+xml", body: PAGE_ICON },
  ...Object.fromEntries(
    STATES.map((state) => [`${state}.svg`, { type: "image/svg+xml", body: iconOf(state) }]),
  ),
};

const hashedNames = new Map(Object.entries(FILES).map(([name, { body }]) => [name, hashedName(name, body)]));

/** By the name with the hash. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map(
  Object.entries(FILES).map(([name, asset]) => [hashedNames.get(name) ?? name, asset]),
);

/** Where a page finds a file, behind its prefix. Throws for one that there is not. */
export function assetLink(name: string): string {
  const hashed = hashedNames.get(name);
  if (hashed === undefined) throw new RangeError(`Expected a file of the pages, got "${name}"`);
  return `/assets/${hashed}`;
}

function hashedName(name: string, body: string): string {
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 10);
  return name.replace(".", `.${hash}.`);
}

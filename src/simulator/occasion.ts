import { assertNever } from "../base/assert-never.ts";
import { hashFraction } from "../base/hash.ts";
import { numberIn, sentinel } from "./sentinel.ts";

/** Which requests are hit: `first` the first n of them, `every` each n-th, `burst` those in a part of the time. */
export type Occasion =
  | { readonly kind: "always" }
  | { readonly kind: "first"; readonly count: number }
  | { readonly kind: "every"; readonly count: number }
  | { readonly kind: "burst" };

/** Where in time a request stands: `nth` counts the requests for this name from 1. */
export interface Moment {
  readonly nth: number;
  readonly unixMs: number;
  readonly beatMs: number;
  readonly epochMs: number;
}

const BURST_EVERY_BEATS = 12;
const BURST_BEATS = 3;

const ONCE = sentinel("once");
const FIRST = sentinel(String.raw`first-(?<count>\d+)`);
const EVERY = sentinel(String.raw`every-(?<count>[1-9]\d*)`);
const BURST = sentinel(String.raw`burst-[45]\d\d`);

/** When a name's fault strikes; always, unless it says otherwise. */
export function occasionOf(name: string): Occasion {
  if (ONCE.test(name)) return { kind: "first", count: 1 };
  const first = numberIn(FIRST, name);
  if (first !== undefined) return { kind: "first", count: first };
  const every = numberIn(EVERY, name);
  if (every !== undefined) return { kind: "every", count: every };
  return { kind: BURST.test(name) ? "burst" : "always" };
}

/** Whether a fault strikes now. A burst takes the first quarter of every 12 beats, shifted by the name. */
export function strikes(occasion: Occasion, name: string, moment: Moment): boolean {
  switch (occasion.kind) {
    case "always":
      return true;
    case "first":
      return moment.nth <= occasion.count;
    case "every":
      return moment.nth % occasion.count === 0;
    case "burst": {
      const beats = (moment.unixMs - moment.epochMs) / moment.beatMs - hashFraction(name) * BURST_EVERY_BEATS;
      return beats - Math.floor(beats / BURST_EVERY_BEATS) * BURST_EVERY_BEATS < BURST_BEATS;
    }
  }
  return assertNever(occasion);
}

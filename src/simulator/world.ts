/**
 * The states of the simulated interconnects: a pure function of seed, name and time. It knows nothing of HTTP,
 * accounts or faults, so the same question has the same answer in every process.
 */
import { hashFraction } from "../base/hash.ts";
import { pick } from "./fingerprint.ts";
import { asksForReason, reasonFor } from "./reasons.ts";
import { type Segment, storyOf } from "./stories.ts";

export interface World {
  readonly seed: number;
  /** Length of one beat, the unit of all stories, in ms. */
  readonly beatMs: number;
  /** Unix ms at which each story is in its first segment. */
  readonly epochMs: number;
  /** Share of a plain name's windows (60 beats) that hold a short outage, 0 to 1. */
  readonly outageShare: number;
}

/** Plain names are `Healthy` for ever, which is what most tests want. */
export const CALM_WORLD: World = { seed: 1, beatMs: 5000, epochMs: 0, outageShare: 0 };

/** An `outageShare` at which a plain name fails about once in four hours at the default beat. */
export const RARE_OUTAGES = 0.02;

/** The body of a status answer; the key `reason` is absent where the API leaves it out. */
export interface WorldStatus {
  readonly state: string;
  readonly reason?: string | null;
}

const WINDOW_BEATS = 60;
const LONGEST_OUTAGE_BEATS = 6;
const UNHEALTHY_FOREVER: readonly Segment[] = [{ state: "Unhealthy", beats: 1 }];

interface Scene {
  readonly state: string;
  /** Differs from scene to scene, so that each outage draws its own reason. */
  readonly drawKey: string;
}

function segmentsOf(name: string): readonly Segment[] | undefined {
  return storyOf(name)?.segments ?? (asksForReason(name) ? UNHEALTHY_FOREVER : undefined);
}

/** The per-name offset stays inside the first segment: names differ, and each story starts at its start. */
function sceneOfStory(world: World, name: string, segments: readonly Segment[], unixMs: number): Scene {
  const key = `${world.seed}/${name}`;
  const lengthBeats = segments.reduce((sum, segment) => sum + segment.beats, 0);
  const offsetBeats = hashFraction(`${key}/offset`) * (segments[0]?.beats ?? 0);
  const beats = (unixMs - world.epochMs) / world.beatMs + offsetBeats;
  const round = Math.floor(beats / lengthBeats);
  let rest = beats - round * lengthBeats;
  for (const [index, segment] of segments.entries()) {
    if (rest < segment.beats)
      return { state: segment.state, drawKey: `${key}/${segments.length > 1 ? round : 0}/${index}` };
    rest -= segment.beats;
  }
  // Rounding can leave `rest` at the very end of the last segment, where the story starts anew.
  return { state: segments[0]?.state ?? "Healthy", drawKey: `${key}/${round + 1}/0` };
}

/** At most one outage a window, wholly inside it, so that no window has to look at another. */
function sceneOfPlainName(world: World, name: string, unixMs: number): Scene {
  const beats =
    (unixMs - world.epochMs) / world.beatMs + hashFraction(`${world.seed}/${name}/offset`) * WINDOW_BEATS;
  const window = Math.floor(beats / WINDOW_BEATS);
  const drawKey = `${world.seed}/${name}/${window}`;
  const healthy: Scene = { state: "Healthy", drawKey };
  if (hashFraction(`${drawKey}/outage`) >= world.outageShare) return healthy;
  const start = hashFraction(`${drawKey}/start`) * (WINDOW_BEATS - LONGEST_OUTAGE_BEATS);
  const length = 1 + hashFraction(`${drawKey}/length`) * (LONGEST_OUTAGE_BEATS - 1);
  const at = beats - window * WINDOW_BEATS;
  if (at < start || at >= start + length) return healthy;
  return { state: pick(`${drawKey}/state`, "Down", "Unhealthy"), drawKey };
}

/** What the API says of an interconnect at a Unix time in ms. `Healthy` and `Pending` have no reason (schema `nsc_StatusInfo`). */
export function statusAt(world: World, name: string, unixMs: number): WorldStatus {
  const segments = segmentsOf(name);
  const { state, drawKey } =
    segments === undefined
      ? sceneOfPlainName(world, name, unixMs)
      : sceneOfStory(world, name, segments, unixMs);
  if (state === "Healthy" || state === "Pending") return { state };
  const reason = reasonFor(name, drawKey, unixMs);
  return reason === undefined ? { state } : { state, reason };
}

import { sentinel } from "./sentinel.ts";

/** One stretch of a story; its length is in beats of the world. */
export interface Segment {
  readonly state: string;
  readonly beats: number;
}

export interface Story {
  readonly word: string;
  readonly segments: readonly Segment[];
}

const forever = (state: string): readonly Segment[] => [{ state, beats: 1 }];

/** What a name can ask for by sentinel. A story repeats; `Degraded` is a word that the API does not document. */
const STORIES: readonly Story[] = [
  {
    word: "flap",
    segments: [
      { state: "Healthy", beats: 3 },
      { state: "Down", beats: 1 },
      { state: "Healthy", beats: 2 },
      { state: "Unhealthy", beats: 1 },
    ],
  },
  {
    word: "outage",
    segments: [
      { state: "Healthy", beats: 3 },
      { state: "Down", beats: 40 },
      { state: "Healthy", beats: 20 },
    ],
  },
  {
    word: "brownout",
    segments: [
      { state: "Healthy", beats: 6 },
      { state: "Unhealthy", beats: 5 },
    ],
  },
  {
    word: "turnup",
    segments: [
      { state: "Pending", beats: 6 },
      { state: "Healthy", beats: 60 },
    ],
  },
  { word: "steady", segments: forever("Healthy") },
  { word: "unhealthy", segments: forever("Unhealthy") },
  { word: "down", segments: forever("Down") },
  { word: "pending", segments: forever("Pending") },
  { word: "degraded", segments: forever("Degraded") },
];

const PATTERNS = STORIES.map((story) => ({ pattern: sentinel(story.word), story }));

/** The story that a name asks for; undefined for a plain name. */
export function storyOf(name: string): Story | undefined {
  return PATTERNS.find(({ pattern }) => pattern.test(name))?.story;
}

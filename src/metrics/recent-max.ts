/** The largest of the values added in the last `windowMs`. */
export interface RecentMax {
  add(nowMs: number, value: number): void;
  /** 0 when nothing was added in the window. */
  read(nowMs: number): number;
}

/** Keeps only values that no later one exceeds, so reads and adds are cheap and memory stays small. */
export function recentMax(windowMs: number): RecentMax {
  let kept: { readonly atMs: number; readonly value: number }[] = [];
  return {
    add(nowMs, value) {
      kept = [
        ...kept.filter((each) => each.value > value && each.atMs > nowMs - windowMs),
        { atMs: nowMs, value },
      ];
    },
    read(nowMs) {
      kept = kept.filter((each) => each.atMs > nowMs - windowMs);
      return kept[0]?.value ?? 0;
    },
  };
}

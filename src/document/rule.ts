import { z } from "zod";
import type { Path } from "./path.ts";

export type Report = (path: Path, message: string) => void;

/**
 * A check over several keys of a mapping, or over places inside it. It runs as soon as these are valid in themselves,
 * whatever else is wrong, so that all problems come out at once. Other values may be unusable: do not read them.
 */
export function rule<T>(places: readonly (string | Path)[], check: (value: T, report: Report) => void) {
  const paths = places.map((place) => [place].flat());
  return z.superRefine<T>(
    (value, context) => check(value, (path, message) => addIssue(context, path, message)),
    {
      when: ({ issues }) =>
        issues.every(({ code, path = [] }) => {
          if (path.length === 0) return code === "unrecognized_keys";
          return !paths.some((place) =>
            place.every((part, index) => index >= path.length || path[index] === part),
          );
        }),
    },
  );
}

/** A check that runs whatever is wrong. What is broken is still as written: ask of every value what it is. */
export function judgement(check: (value: unknown, report: Report) => void) {
  return z.superRefine<unknown>(
    (value, context) => check(value, (path, message) => addIssue(context, path, message)),
    { when: () => true },
  );
}

function addIssue(context: z.RefinementCtx, path: Path, message: string): void {
  context.addIssue({ code: "custom", path: [...path], message });
}

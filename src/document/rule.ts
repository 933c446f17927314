import { z } from "zod";
import type { Path } from "./path.ts";

export type Report = (path: Path, message: string) => void;

/**
 * A check over several keys of a mapping. It runs as soon as these keys are valid in themselves, whatever
 * else is wrong, so that all problems come out at once. Other keys' values may be unusable: do not read them.
 */
export function rule<T>(keys: readonly string[], check: (value: T, report: Report) => void) {
  return z.superRefine<T>(
    (value, context) =>
      check(value, (path, message) => context.addIssue({ code: "custom", path: [...path], message })),
    {
      when: ({ issues }) =>
        issues.every(({ code, path }) => {
          const first = path?.[0];
          return first === undefined ? code === "unrecognized_keys" : !keys.includes(String(first));
        }),
    },
  );
}

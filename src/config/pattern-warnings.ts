import isSafe from "safe-regex2";
import { BoundedPattern } from "../base/bounded-pattern.ts";
import { listOf, valueOf } from "./as-written.ts";
import type { Warning } from "./load-context.ts";

const SLOW =
  "can take very long on some texts; a match is given up after 50 ms and counts as none, and after ten of those the pattern is out of use: repeat nothing that itself repeats or matches the same in two ways, as in (\\w+)* or (a|a)*";

/** Texts that make patterns slow whose repetitions overlap: of letters, digits, blanks and words. None ends as it began. */
const PROBES = ["a", "0", " ", "no signal on port 1 "].map((part) => `${part.repeat(300).slice(0, 300)}!`);

/** What is valid among the patterns of `reasons.classes`, and may take longer than a match is given. */
export function* patternWarnings(config: unknown): Iterable<Warning> {
  const classes = listOf(valueOf(valueOf(config, "reasons"), "classes")) ?? [];
  for (const [index, each] of classes.entries()) {
    const match = valueOf(each, "match");
    if (match instanceof BoundedPattern && isSlow(match.source))
      yield { path: ["reasons", "classes", index, "match"], message: SLOW };
  }
}

/** By its form, where a checker sees that repetitions are nested, or by trying it. */
function isSlow(source: string): boolean {
  // The checker knows lookahead alone, which is the same to it.
  const known = source.replaceAll("(?<!", "(?!").replaceAll("(?<=", "(?=");
  if (!isSafe(known)) return true;
  const tried = new BoundedPattern(source);
  return PROBES.some((text) => {
    tried.test(text);
    // A machine that is busy with something else makes the best pattern slow, now and then.
    return tried.isTooSlow && [1, 2].every(() => isTooSlowFor(source, text));
  });
}

function isTooSlowFor(source: string, text: string): boolean {
  const tried = new BoundedPattern(source);
  tried.test(text);
  return tried.isTooSlow;
}

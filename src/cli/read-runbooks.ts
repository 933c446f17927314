import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ENDING = ".md";

/** The runbooks that lie beside the code, in the checkout, the package and the image alike: markdown by name. None when they were left out. */
export function readRunbooks(folder: string): ReadonlyMap<string, string> {
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
    return new Map(
      files
        .toSorted()
        .map((file) => [file.slice(0, -ENDING.length), readFileSync(join(folder, file), "utf8")]),
    );
  } catch {
    return new Map();
  }
}

import { createContext, Script } from "node:vm";

const MOST_MS = 50;
/** After as many matches without an end the pattern costs too much, whatever it is asked. */
const MOST_FAILURES = 10;
const MATCH = new Script("pattern.test(text)");

/** A regular expression of the user's, whose match ends in bounded time: one that takes longer counts as no match. */
export class BoundedPattern {
  readonly #pattern: RegExp;
  readonly #context = createContext({});
  #failures = 0;

  /** Throws a SyntaxError as `RegExp` does. Case does not count. */
  constructor(source: string) {
    this.#pattern = new RegExp(source, "i");
  }

  get source(): string {
    return this.#pattern.source;
  }

  /** Whether a match has been given up. */
  get isTooSlow(): boolean {
    return this.#failures > 0;
  }

  /** Whether so many have been that it matches nothing any more. */
  get isOut(): boolean {
    return this.#failures >= MOST_FAILURES;
  }

  test(text: string): boolean {
    if (this.isOut) return false;
    Object.assign(this.#context, { pattern: this.#pattern, text });
    try {
      // Only what runs as a script can be stopped, and then a regular expression too.
      return MATCH.runInContext(this.#context, { timeout: MOST_MS }) === true;
    } catch {
      this.#failures += 1;
      return false;
    }
  }
}

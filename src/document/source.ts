import type { LineCounter } from "yaml";
import { describeValue } from "./describe.ts";
import { formatPath, type Path } from "./path.ts";
import type { Problem } from "./problems.ts";
import type { Walked } from "./walk.ts";

/** Whether a value (or a key) must not be shown in a problem. */
export type IsHidden = (path: Path, value: unknown) => boolean;

/** A document after parsing: its plain values, and the way from a path to a problem with a place. */
export interface Source {
  readonly raw: unknown;
  /** What was wrong before any schema looked at it. */
  readonly faults: readonly Problem[];
  /** Whether anything was written at this formatted path. */
  readonly has: (path: string) => boolean;
  /** What was written at this formatted path, when variables of the environment are in it. */
  readonly writtenAt: (path: string) => string | undefined;
  /**
   * The problem at this path, or of another path at this one's place; none when the value there could not be
   * read and that was said already.
   */
  problemsAt(path: Path, message: string, shownPath?: Path): readonly Problem[];
  /** Like `problemsAt`, with `, got ...` before any advice (`; ...`) unless the value is a secret. */
  mismatchesAt(
    path: Path,
    message: string,
    adviceOn?: (value: unknown) => string | undefined,
  ): readonly Problem[];
}

interface Place {
  readonly line: number;
  readonly column: number;
}

interface SourceOptions {
  readonly isHidden: IsHidden;
  /** Takes out of a text what only looks like a secret. */
  readonly hide: (text: string) => string;
  /** Lines with something in place of what was no YAML; nothing is to be said about what stands there. */
  readonly mended: ReadonlySet<number>;
  /** Lines that were left out, with their indentation: what they belonged to may miss something only because of that. */
  readonly dropped: ReadonlyMap<number, number>;
}

export function createSource(
  walked: Walked,
  lines: LineCounter,
  { isHidden, hide, mended, dropped }: SourceOptions,
): Source {
  const broken = new Set(walked.faults.flatMap((fault) => (fault.broken ? [formatPath(fault.path)] : [])));

  for (const [path, offset] of walked.offsets) if (mended.has(lines.linePos(offset).line)) broken.add(path);
  const incomplete = new Set([...dropped].map(([line, indentation]) => holderOf(line, indentation)));

  /** The mapping or list that the line would have belonged to, by its indentation. */
  function holderOf(line: number, indentation: number): string {
    let holder = "";
    for (const [path, offset] of walked.offsets) {
      const { line: above, col } = lines.linePos(offset);
      if (above < line && col - 1 <= indentation) holder = col - 1 < indentation ? path : parentOf(path);
    }
    return holder;
  }

  function place(path: Path, offset?: number): Place {
    const placed = ancestors(path).findLast((ancestor) => walked.offsets.has(ancestor)) ?? "";
    const { line, col } = lines.linePos(offset ?? walked.offsets.get(placed) ?? 0);
    // The counter knows no line 1 in an empty text.
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  function problemsAt(path: Path, message: string, shownPath = path): readonly Problem[] {
    const above = ancestors(path);
    if (above.some((ancestor) => broken.has(ancestor))) return [];
    if (incomplete.has(above.at(-1) ?? "")) return [];
    if (incomplete.has(above.at(-2) ?? "") && valueAt(walked.raw, path) === undefined) return [];
    return [{ ...place(path), path: hide(formatPath(shownPath)), message: hide(message) }];
  }

  function mismatchesAt(
    path: Path,
    message: string,
    adviceOn?: (value: unknown) => string | undefined,
  ): readonly Problem[] {
    const value = valueAt(walked.raw, path);
    const isNothing = value === undefined || value === null;
    // The environment is full of secrets: the name is enough to look the value up.
    const written = walked.written.get(formatPath(path));
    const got = written === undefined ? describeValue(value) : `the value of ${written}`;
    const shown = isHidden(path, value) && !isNothing ? "" : `, got ${got}`;
    const [expected = "", ...advice] = message.split("; ");
    const more = advice.length === 0 ? (adviceOn?.(value) ?? []) : [];
    return problemsAt(path, [`${expected}${shown}`, ...advice, more].flat().join("; "));
  }

  const faults = walked.faults
    .map((fault) =>
      Object.assign(place(fault.path, fault.offset), {
        path: hide(formatPath(fault.path)),
        message: fault.message,
      }),
    )
    .filter(({ line }) => !mended.has(line));
  const has = (path: string): boolean => walked.offsets.has(path);
  return {
    raw: walked.raw,
    faults,
    has,
    writtenAt: (path) => walked.written.get(path),
    problemsAt,
    mismatchesAt,
  };
}

/** The path itself and all above it but the root, outermost first, as keys of the maps. */
function ancestors(path: Path): readonly string[] {
  return path.map((_, index) => formatPath(path.slice(0, index + 1)));
}

/** A formatted path without its last part. */
function parentOf(path: string): string {
  return path.replace(/(?:\.[\w-]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\]|^[\w-]+)$/, "");
}

/** The plain value at a path; undefined when there is none. */
export function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    // Its own keys alone, so neither a list's length nor what all objects inherit.
    if (!Object.prototype.propertyIsEnumerable.call(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

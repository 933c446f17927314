import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { type Environment, expandVariables } from "./expand.ts";
import { formatPath, type Path } from "./path.ts";

export interface WalkOptions {
  /** Values for `${NAME}`; without it nothing is expanded. */
  readonly env?: Environment | undefined;
  /** Where unquoted scalars stay text as written, so that `100` or `0123` needs no quotes. */
  readonly isText: (path: Path) => boolean;
  /** The line of an offset in the text. */
  readonly lineOf: (offset: number) => number;
}

export interface Walked {
  readonly raw: unknown;
  /** Offset in the text of each key or list item, by formatted path. */
  readonly offsets: ReadonlyMap<string, number>;
  /** What was written where the value came from the environment, by formatted path. */
  readonly written: ReadonlyMap<string, string>;
  readonly faults: readonly Fault[];
}

/** A value that cannot be read at all, or a key that should not be there. */
interface Fault {
  readonly path: Path;
  /** Where it stands, when that is not where the path's value stands. */
  readonly offset?: number;
  readonly message: string;
  /** Whether the value itself is unusable, so that nothing more is to be said about it. */
  readonly broken: boolean;
}

/** More values than this from aliases is an attack or an accident (the "billion laughs"). */
const MOST_ALIASED = 10_000;
const TEMPLATE =
  "expected plain text as a key; text that starts with { needs quotes, and {{ ... }} of a template must be filled in before";
const TAGS = "YAML tags such as !env are not supported; a variable of the environment is written ${NAME}";
const STRING_TAG = "tag:yaml.org,2002:str";

/** Turns a document into plain values, remembering where each of them stands; without a document there are none. */
export function walk(document: Document | undefined, options: WalkOptions): Walked {
  const walker = new Walker(options);
  const raw = walker.visit(document?.contents, []);
  return { raw, offsets: walker.offsets, written: walker.written, faults: walker.faults };
}

class Walker {
  readonly offsets = new Map<string, number>();
  readonly written = new Map<string, string>();
  readonly faults: Fault[] = [];
  readonly #options: WalkOptions;
  readonly #anchors = new Map<string, Node>();
  /** The mappings and lists that the walk is inside of. */
  readonly #open = new Set<Node>();
  #aliasDepth = 0;
  #aliased = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  visit(node: unknown, path: Path): unknown {
    if (this.#aliasDepth > 0) this.#aliased += 1;
    if (isAlias(node)) return this.#alias(node, path);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null;
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (node.tag !== undefined && node.tag !== STRING_TAG) return this.#broken(path, TAGS);
    if (isScalar(node)) return this.#scalar(node, path);
    this.#open.add(node);
    const value = isMap(node)
      ? this.#mapping(node, path)
      : node.items.map((item, index) => this.#placed(item, item, [...path, index]));
    this.#open.delete(node);
    return value;
  }

  /** Visits a value whose place is that of its key, or its own in a list. */
  #placed(place: unknown, node: unknown, path: Path): unknown {
    // Inside an alias every place is that of the alias itself: there the reader wrote something.
    if (this.#aliasDepth === 0 && isNode(place)) this.offsets.set(formatPath(path), offsetOf(place));
    return this.visit(node, path);
  }

  #mapping(map: YAMLMap, path: Path): unknown {
    const entries = new Map<string, unknown>();
    const merged: unknown[] = [];
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? (key.source ?? "") : undefined;
      if (isMap(key)) return this.#broken(path, TEMPLATE);
      if (name === undefined) this.#badKey(key, path, "expected plain text as a key");
      else if (isMergeKey(key)) merged.push(...this.#merged(value, path));
      else if (name === "__proto__") this.#badKey(key, path, 'unknown key "__proto__"');
      else if (entries.has(name)) this.#badKey(key, [...path, name], this.#duplicate([...path, name]));
      else entries.set(name, this.#placed(key, value, [...path, name]));
    }
    // What is written here wins over what is merged, and what is merged first over the rest.
    const all = merged.toReversed().map((each) => Object.entries(each as object));
    return Object.fromEntries([...all.flat(), ...entries]);
  }

  /** The mappings that a merge key names: one, or a list of them. */
  #merged(node: unknown, path: Path): readonly object[] {
    const value = this.visit(node, path);
    const mappings = Array.isArray(value) ? value : [value];
    if (mappings.every((each) => typeof each === "object" && each !== null && !Array.isArray(each)))
      return mappings;
    const message = 'expected the alias of a mapping after "<<:", such as "<<: *base"';
    this.#badKey(node, [...path, "<<"], message);
    return [];
  }

  #duplicate(path: Path): string {
    const first = this.#options.lineOf(this.offsets.get(formatPath(path)) ?? 0);
    return `duplicate key, first set on line ${first}`;
  }

  #alias(alias: Alias, path: Path): unknown {
    const target = this.#anchors.get(alias.source);
    if (target === undefined)
      return this.#broken(
        path,
        "alias of an anchor that is not set above it; text that starts with * needs quotes",
      );
    if (this.#open.has(target)) return this.#broken(path, "alias of a value that holds this alias");
    if (this.#aliased > MOST_ALIASED)
      return this.#broken(path, `aliases stand for more than ${MOST_ALIASED} values`);
    this.#aliasDepth += 1;
    const value = this.visit(target, path);
    this.#aliasDepth -= 1;
    return value;
  }

  #scalar(scalar: Scalar, path: Path): unknown {
    const source = scalar.source ?? "";
    const text = this.#expanded(source, path);
    if (text === undefined) return "";
    if (scalar.type !== "PLAIN" || scalar.tag === STRING_TAG) return text;
    const value = text === source ? scalar.value : typedScalar(text);
    return value !== null && this.#options.isText(path) ? text : value;
  }

  #expanded(source: string, path: Path): string | undefined {
    const { env } = this.#options;
    if (env === undefined || !source.includes("${")) return source;
    const { text, messages } = expandVariables(source, env);
    this.written.set(formatPath(path), source);
    for (const message of messages) this.#broken(path, message);
    return messages.length > 0 ? undefined : text;
  }

  #badKey(key: unknown, path: Path, message: string): void {
    this.faults.push({ path, offset: offsetOf(key), message, broken: false });
  }

  #broken(path: Path, message: string): "" {
    this.faults.push({ path, message, broken: true });
    return "";
  }
}

/** YAML 1.1's `<<`, which tools and people still use; in quotes it is a key as any other. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.source === "<<";
}

function offsetOf(place: unknown): number {
  return isNode(place) ? (place.range?.[0] ?? 0) : 0;
}

/** An unquoted scalar's value as YAML types it, when nothing but the scalar is in the text. */
function typedScalar(text: string): unknown {
  if (text === "") return null;
  const node = parseDocument(text).contents;
  return isScalar(node) && node.type === "PLAIN" && node.source === text ? node.value : text;
}

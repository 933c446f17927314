import {
  type Alias,
  type Document,
  isAlias,
  isMap,
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
  readonly env?: Environment;
  /** Where unquoted scalars stay text as written, so that `100` or `0123` needs no quotes. */
  readonly isText?: (path: Path) => boolean;
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
const STRING_TAG = "tag:yaml.org,2002:str";

/** Turns a document without syntax errors into plain values, remembering where each of them stands. */
export function walk(document: Document, lineOf: (offset: number) => number, options: WalkOptions): Walked {
  const offsets = new Map<string, number>();
  const written = new Map<string, string>();
  const faults: Fault[] = [];
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  let aliasDepth = 0;
  let aliased = 0;

  function broken(path: Path, message: string): "" {
    faults.push({ path, message, broken: true });
    return "";
  }

  function visit(node: unknown, path: Path): unknown {
    if (aliasDepth > 0) aliased += 1;
    if (isAlias(node)) return visitAlias(node, path);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null;
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (node.tag !== undefined && node.tag !== STRING_TAG) return broken(path, "YAML tags are not supported");
    if (isScalar(node)) return visitScalar(node, path);
    open.add(node);
    const value = isMap(node)
      ? visitMap(node, path)
      : node.items.map((item, index) => visitAt(item, item, [...path, index]));
    open.delete(node);
    return value;
  }

  function visitAt(place: unknown, node: unknown, path: Path): unknown {
    // Inside an alias every place is that of the alias itself: there the reader wrote something.
    if (aliasDepth === 0 && (isScalar(place) || isMap(place) || isSeq(place) || isAlias(place))) {
      offsets.set(formatPath(path), place.range?.[0] ?? 0);
    }
    return visit(node, path);
  }

  function visitMap(map: YAMLMap, path: Path): unknown {
    const entries = new Map<string, unknown>();
    for (const { key, value } of map.items) {
      const offset = isScalar(key) || isMap(key) || isSeq(key) || isAlias(key) ? (key.range?.[0] ?? 0) : 0;
      if (!isScalar(key)) {
        faults.push({ path, offset, message: "expected plain text as a key", broken: false });
        continue;
      }
      const name = key.source ?? "";
      const keyPath = [...path, name];
      if (name === "__proto__")
        faults.push({ path, offset, message: 'unknown key "__proto__"', broken: false });
      else if (entries.has(name)) {
        const first = lineOf(offsets.get(formatPath(keyPath)) ?? 0);
        faults.push({
          path: keyPath,
          offset,
          message: `duplicate key, first set on line ${first}`,
          broken: false,
        });
      } else entries.set(name, visitAt(key, value, keyPath));
    }
    return Object.fromEntries(entries);
  }

  function visitAlias(alias: Alias, path: Path): unknown {
    const target = anchors.get(alias.source);
    if (target === undefined)
      return broken(
        path,
        "alias of an anchor that is not set above it; text that starts with * needs quotes",
      );
    if (open.has(target)) return broken(path, "alias of a value that holds this alias");
    if (aliased > MOST_ALIASED) return broken(path, `aliases stand for more than ${MOST_ALIASED} values`);
    aliasDepth += 1;
    const value = visit(target, path);
    aliasDepth -= 1;
    return value;
  }

  function visitScalar(scalar: Scalar, path: Path): unknown {
    const source = scalar.source ?? "";
    const text = expand(source, path);
    if (text === undefined) return source;
    if (scalar.type !== "PLAIN" || scalar.tag === STRING_TAG) return text;
    const value = text === source ? scalar.value : typedScalar(text);
    return value !== null && options.isText?.(path) === true ? text : value;
  }

  function expand(source: string, path: Path): string | undefined {
    if (options.env === undefined || !source.includes("${")) return source;
    const { text, messages } = expandVariables(source, options.env);
    written.set(formatPath(path), source);
    for (const message of messages) broken(path, message);
    return messages.length > 0 ? undefined : text;
  }

  return { raw: visit(document.contents, []), offsets, written, faults };
}

/** An unquoted scalar's value as YAML types it, when nothing but the scalar is in the text. */
function typedScalar(text: string): unknown {
  if (text === "") return null;
  const node = parseDocument(text).contents;
  return isScalar(node) && node.type === "PLAIN" && node.source === text ? node.value : text;
}

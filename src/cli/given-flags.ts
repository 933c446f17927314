import { nearest } from "../document/nearest.ts";
import { UsageError } from "./flag-values.ts";

interface Spec {
  readonly type: "string" | "boolean";
}

export interface GivenFlags {
  /** For `parseArgs`, with every boolean as `--flag` or `--no-flag`. */
  readonly args: readonly string[];
  /** The names of all that were given. */
  readonly names: readonly string[];
}

/** Reads booleans as kingpin's `--no-flag` and as Go's `--flag=false`, and knows every flag by its name. Throws a UsageError. */
export function givenFlags(args: readonly string[], specs: Readonly<Record<string, Spec>>): GivenFlags {
  const names: string[] = [];
  const read = args.map((arg) => {
    const { name, value } = /^--?(?<name>[^=]+)(?:=(?<value>.*))?$/s.exec(arg)?.groups ?? {};
    if (name === undefined || arg === "-h" || arg === "--") return arg;
    const positive = name.replace(/^no-/, "");
    const isNegated = !Object.hasOwn(specs, name) && specs[positive]?.type === "boolean";
    const known = isNegated ? positive : name;
    if (!arg.startsWith("--") || !Object.hasOwn(specs, known)) throw unknownFlag(arg, name, specs);
    names.push(known);
    if (specs[known]?.type === "string") return arg;
    if (value !== undefined && (isNegated || (value !== "true" && value !== "false")))
      throw new UsageError(
        `--${name}: expected ${isNegated ? "no value" : "true or false"}, got ${JSON.stringify(value)}`,
      );
    return isNegated || value === "false" ? `--no-${known}` : `--${known}`;
  });
  return { args: read, names };
}

function unknownFlag(arg: string, name: string, specs: Readonly<Record<string, Spec>>): UsageError {
  const candidates = Object.entries(specs).flatMap(([each, { type }]) =>
    type === "boolean" ? [each, `no-${each}`] : [each],
  );
  const meant = nearest(name, candidates);
  const hint = meant === undefined ? "" : `, did you mean --${meant}?`;
  return new UsageError(`Unknown flag ${JSON.stringify(arg.replace(/=.*/s, ""))}${hint}`);
}

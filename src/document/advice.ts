import type { z } from "zod";
import { nearest } from "./nearest.ts";

/** The keys that the schema knows in a mapping at the place, and in the items of a list there. */
interface Known {
  readonly own: readonly string[];
  readonly ofItems: readonly string[];
}

/** What to do about a value of the wrong kind, where the slip is a well-known one. Never quotes the value. */
export function adviceOn(value: unknown, issue: z.core.$ZodIssue, known: Known): string | undefined {
  if (typeof value === "string" && /^[\u2018\u2019\u201c\u201d\u201e\u00ab]/.test(value))
    return "these quotes are letters to YAML; write \" or '";
  if (issue.code === "invalid_value" && typeof value === "string") {
    const meant = nearest(value, issue.values.map(String));
    if (meant !== undefined) return `did you mean ${meant}?`;
  }
  if (issue.code !== "invalid_type") return undefined;
  if (issue.expected === "boolean") return onBoolean(value);
  if (issue.expected === "int" || issue.expected === "number") return onNumber(value);
  if (issue.expected === "array") return onList(value, known.ofItems);
  if (issue.expected === "object" || issue.expected === "record") return onMapping(value, issue, known.own);
  return undefined;
}

const IN_QUOTES = "take the quotes away, which make it text";

function onBoolean(value: unknown): string | undefined {
  const word = String(value).toLowerCase();
  if (word === "true" || word === "false") return IN_QUOTES;
  if (["yes", "on", "y", "1", "enabled"].includes(word)) return "write true";
  return ["no", "off", "n", "0", "disabled"].includes(word) ? "write false" : undefined;
}

function onNumber(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (/^\d+$/.test(value)) return IN_QUOTES;
  return /^\d{1,3}(?:[_,. ]\d{3})+$/.test(value) ? "write its digits alone" : undefined;
}

function onList(value: unknown, keys: readonly string[]): string | undefined {
  if (typeof value === "object" && value !== null) {
    const [first = ""] = Object.keys(value);
    return keys.includes("name") && !keys.includes(first)
      ? 'write each item as "- name: ...", with what belongs to it beneath'
      : 'put "- " before the first key of each item';
  }
  if (typeof value !== "string") return undefined;
  if (/^-\S/.test(value)) return "put a space after each dash";
  if (/^[\u2010-\u2015\u2022\u2212\u00b7*]/.test(value))
    return 'an item starts with a plain dash and a space, "- "';
  if (value.includes(",")) return "write it as [a, b], or each item after a dash";
  return /\S\s+\S/.test(value) ? 'put "- " before each item' : "put brackets around it";
}

function onMapping(value: unknown, issue: z.core.$ZodIssue, keys: readonly string[]): string | undefined {
  if (typeof value === "boolean" && keys.includes("enabled")) return `write { enabled: ${value} }`;
  if (Array.isArray(value)) return 'write its items as "key: value", without dashes and brackets';
  if (typeof value !== "string") return undefined;
  if (/^(?:export +)?[\w-]+ *=/.test(value)) return 'write "key: value", with a colon and not =';
  if (/^[\w-]+:\S/.test(value)) return "put a space after the colon";
  return typeof issue.path.at(-1) === "number"
    ? "if it belongs to what is above it, indent it further"
    : undefined;
}

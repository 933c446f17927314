import type { z } from "zod";
import { nearest } from "./nearest.ts";

/** What to do about a value of the wrong kind, where the slip is a well-known one. Never quotes the value. */
export function adviceOn(value: unknown, issue: z.core.$ZodIssue): string | undefined {
  if (typeof value === "string" && /^[\u2018\u2019\u201c\u201d\u201e\u00ab]/.test(value))
    return "these quotes are letters to YAML; write \" or '";
  if (issue.code === "invalid_value" && typeof value === "string") {
    const meant = nearest(value, issue.values.map(String));
    if (meant !== undefined) return `did you mean ${meant}?`;
  }
  if (issue.code !== "invalid_type") return undefined;
  if (issue.expected === "boolean") return onBoolean(value);
  if (issue.expected === "int" || issue.expected === "number") return onNumber(value);
  if (issue.expected === "array") return onList(value);
  return issue.expected === "object" ? onMapping(value) : undefined;
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

function onList(value: unknown): string | undefined {
  if (typeof value === "object" && value !== null) return 'put "- " before the first key of each item';
  if (typeof value !== "string") return undefined;
  if (/^-\S/.test(value)) return "put a space after each dash";
  return value.includes(",") ? "write it as [a, b], or each item after a dash" : "put brackets around it";
}

function onMapping(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (/^[\w-]+ *=/.test(value)) return 'write "key: value", with a colon and not =';
  return /^[\w-]+:\S/.test(value) ? "put a space after the colon" : undefined;
}

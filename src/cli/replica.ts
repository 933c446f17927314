import type { Replica } from "../domain/replica.ts";

/** More than anybody needs, and each is left with a part of the budget that is worth having. */
const MOST = 100;

/**
 * Reads `--replica`: `I/N`, or `auto/N`, which takes the ordinal at the end of the host's name, as pods of a StatefulSet
 * have it, the first being 0. What is wrong with it, as a text, when it is neither.
 */
export function parseReplica(text: string, hostname: string): Replica | string {
  const { index = "", count: digits = "" } =
    /^(?<index>auto|[1-9]\d*)\/(?<count>[1-9]\d*)$/.exec(text)?.groups ?? {};
  const count = Number(digits);
  const isRight = count >= 1 && count <= MOST && (index === "auto" || Number(index) <= count);
  if (!isRight) {
    return `--replica: expected I/N such as 1/2, I from 1 to N and N up to ${MOST}, or auto/N, got "${text}"`;
  }
  if (index !== "auto") return { index: Number(index), count };
  const ordinal = /^[^.]*-(?<ordinal>\d+)(?:\.|$)/.exec(hostname)?.groups?.["ordinal"];
  if (ordinal === undefined) {
    return `--replica: ${text} expected a host name that ends in an ordinal, as name-0 in a StatefulSet, got "${hostname}"; elsewhere write I/${count}`;
  }
  if (Number(ordinal) < count) return { index: Number(ordinal) + 1, count };
  return `--replica: ${text} expected an ordinal from 0 to ${count - 1} at the end of the host name, got "${hostname}"; the number after the slash is that of all replicas`;
}

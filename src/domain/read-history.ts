import { type Failure, FAILURE_KINDS } from "./failure.ts";
import type { FailedPoll, History, PollRecord, StateChange } from "./history.ts";
import { type State, STATES } from "./link-state.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A history as `JSON.stringify` writes it; undefined when anything in it is not as we write it. */
export function readHistory(value: unknown): History | undefined {
  if (!isRecord(value)) return undefined;
  const changes = readList(value["changes"], readChange);
  const polls = readList(value["polls"], readPoll);
  const failures = readList(value["failures"], readFailedPoll);
  return changes && polls && failures ? { changes, polls, failures } : undefined;
}

function readList<T>(value: unknown, read: (fields: Fields) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item: unknown) => (isRecord(item) ? read(item) : undefined));
  const good = items.filter((item) => item !== undefined);
  return good.length === items.length ? good : undefined;
}

function readChange({ atUnixMs, from, to, reason, reasonClass }: Fields): StateChange | undefined {
  return isTime(atUnixMs) && isState(from) && isState(to) && isText(reason) && isText(reasonClass)
    ? { atUnixMs, from, to, reason, reasonClass }
    : undefined;
}

function readPoll(fields: Fields): PollRecord | undefined {
  const { outcome, atUnixMs, word, cfRay } = fields;
  if (outcome !== "answered") return readFailedPoll(fields);
  return isTime(atUnixMs) && isText(word) && isOptionalText(cfRay)
    ? { outcome, atUnixMs, word, cfRay }
    : undefined;
}

function readFailedPoll({ outcome, atUnixMs, failure }: Fields): FailedPoll | undefined {
  const read = isRecord(failure) ? readFailure(failure) : undefined;
  return outcome === "failed" && isTime(atUnixMs) && read !== undefined
    ? { outcome, atUnixMs, failure: read }
    : undefined;
}

function readFailure({ kind, message, cfRay }: Fields): Failure | undefined {
  const known = FAILURE_KINDS.find((each) => each === kind);
  if (known === undefined || !isText(message) || !isOptionalText(cfRay)) return undefined;
  return { kind: known, message, ...(cfRay === undefined ? {} : { cfRay }) };
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isState(value: unknown): value is State {
  return STATES.some((state) => state === value);
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || isText(value);
}

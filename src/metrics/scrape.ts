import { rememberLast } from "../base/remember-last.ts";
import type { ExporterState } from "../domain/state.ts";
import { type Block, blocksText, END, type Format, header, SEPARATOR } from "./exposition.ts";
import type { Family } from "./family.ts";
import { groupBlocks } from "./group-families.ts";
import { gzipMember } from "./gzip-member.ts";
import type { InterconnectBody, InterconnectRows } from "./interconnect-rows.ts";
import { type Borrowed, createPart, type Part } from "./part.ts";
import type { TelemetryRows } from "./telemetry-rows.ts";

/** What a scraper asks for. */
interface ScrapeRequest {
  readonly format: Format;
  readonly encoding: "identity" | "gzip";
  /** The families wanted, all of them when empty. */
  readonly names: readonly string[];
}

/** A body of `/metrics`, to be disposed of when it is sent: its pieces are lent, and change after that. */
export interface ScrapeBody extends Disposable {
  /** To be sent one after the other. */
  readonly pieces: readonly Buffer[];
}

export type Scrape = (request: ScrapeRequest) => Promise<ScrapeBody>;

/** Interconnects first, then groups, then the exporter itself; all rows of one scrape are of one snapshot. */
export function createScrape(interconnects: InterconnectRows, telemetry: TelemetryRows): Scrape {
  const expositions = { text: createExposition("text"), openmetrics: createExposition("openmetrics") };
  return async ({ format, encoding, names }) => {
    const own = await telemetry();
    const polled = await interconnects();
    const { whole, only, member } = expositions[format];
    const parts = names.length === 0 ? whole(polled, own) : only(polled, own, names);
    if (encoding === "identity") return borrowAll(parts);
    return owned(await (names.length === 0 ? member(parts) : compressed(parts)));
  };
}

type Parts = readonly Part[];

/** Borrowed at once, before anything else can happen to them. */
function borrowAll(parts: Parts): ScrapeBody & { readonly borrowed: readonly Borrowed[] } {
  const stack = new DisposableStack();
  const borrowed = parts.map((part) => stack.use(part.borrow()));
  return {
    borrowed,
    pieces: borrowed.map(({ bytes }) => bytes),
    [Symbol.dispose]: () => stack.dispose(),
  };
}

async function compressed(parts: Parts): Promise<Buffer> {
  using body = borrowAll(parts);
  return await gzipMember(body.borrowed);
}

function owned(piece: Buffer): ScrapeBody {
  return { pieces: [piece], [Symbol.dispose]: () => undefined };
}

/** One format of the exposition, with what of it can be served again. */
interface Exposition {
  readonly whole: (polled: InterconnectBody, own: readonly Block[]) => Parts;
  readonly only: (polled: InterconnectBody, own: readonly Block[], names: readonly string[]) => Parts;
  readonly member: (parts: Parts) => Promise<Buffer>;
}

function createExposition(format: Format): Exposition {
  const headersOf = rememberLast((families: readonly Family[]) => headerParts(families, format));
  const groupsOf = rememberLast((state: ExporterState) => blocksPart(groupBlocks(state), format, true));
  const tailOf = rememberLast((own: readonly Block[]) => blocksPart(own, format, true));
  const end = textPart(END[format]);
  let last: { readonly parts: Parts; readonly member: Promise<Buffer> } | undefined;
  return {
    whole: ({ families, rows, state }, own) => [
      ...interleave(headersOf(families), rows),
      groupsOf(state),
      tailOf(own),
      end,
    ],
    only({ families, rows, state }, own, names) {
      const isWanted = ({ name }: Family): boolean => names.includes(name);
      const wanted = families.filter(isWanted);
      const wantedRows = rows.filter((_, index) => wanted.some((family) => family === families[index]));
      const others = [...groupBlocks(state), ...own].filter(({ family }) => isWanted(family));
      const tail = blocksPart(others, format, wanted.length > 0);
      return [...interleave(headerParts(wanted, format), wantedRows), tail, end];
    },
    member(parts) {
      if (last === undefined || !sameParts(last.parts, parts)) last = { parts, member: compressed(parts) };
      return last.member;
    },
  };
}

function headerParts(families: readonly Family[], format: Format): Parts {
  return families.map((family, index) =>
    textPart((index === 0 ? "" : SEPARATOR[format]) + header(family, format)),
  );
}

/** `follows`: whether families come before these. */
function blocksPart(blocks: readonly Block[], format: Format, follows: boolean): Part {
  const separator = follows && blocks.length > 0 ? SEPARATOR[format] : "";
  return textPart(separator + blocksText(blocks, format));
}

function interleave(headers: Parts, rows: InterconnectBody["rows"]): Parts {
  return rows.flatMap(({ part }, index) => [...headers.slice(index, index + 1), part]);
}

function sameParts(a: Parts, b: Parts): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}

function textPart(text: string): Part {
  return createPart(Buffer.from(text));
}

import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { nextTurn } from "../base/next-turn.ts";
import { type LatestBuild, latestBuild } from "./latest-build.ts";
import { type Block, blocksText, END, type Family, type Format, header, SEPARATOR } from "./exposition.ts";
import { groupBlocks } from "./group-families.ts";
import type { InterconnectRows } from "./interconnect-rows.ts";
import type { TelemetryRows } from "./telemetry-rows.ts";

/** What a scraper asks for. */
interface ScrapeRequest {
  readonly format: Format;
  readonly encoding: "identity" | "gzip";
  /** The families wanted, all of them when empty. */
  readonly names: readonly string[];
}

/** A body of `/metrics`, in pieces to be sent one after the other, which never change. */
export type ScrapeBody = readonly Buffer[];

export type Scrape = (request: ScrapeRequest) => Promise<ScrapeBody>;

const compress = promisify(gzip);

/** Interconnects first, then groups, then the exporter itself; all rows of one scrape are of one snapshot. */
export function createScrape(interconnects: InterconnectRows, telemetry: TelemetryRows): Scrape {
  async function plain(format: Format, names: readonly string[]): Promise<ScrapeBody> {
    const own = await telemetry();
    const { families, rows, state } = await interconnects();
    const isWanted = ({ name }: Family): boolean => names.length === 0 || names.includes(name);
    const pieces: Buffer[] = [];
    for (const [nth, family] of families.entries()) {
      if (!isWanted(family)) continue;
      const separator = pieces.length === 0 ? "" : SEPARATOR[format];
      pieces.push(
        Buffer.from(separator + header(family, format)),
        ...rows.slice(nth, nth + 1).map(({ bytes }) => bytes),
      );
    }
    const others: readonly Block[] = [...groupBlocks(state), ...own].filter(({ family }) => isWanted(family));
    const separator = pieces.length > 0 && others.length > 0 ? SEPARATOR[format] : "";
    pieces.push(Buffer.from(separator + blocksText(others, format) + END[format]));
    return pieces;
  }

  async function gzipped(join: Join, format: Format, names: readonly string[] = []): Promise<ScrapeBody> {
    return [await compress(await join(await plain(format, names)), { level: constants.Z_BEST_SPEED })];
  }

  // One at a time: who comes meanwhile shares the next, so that many clients take no more memory than one.
  function sharedBuilds(format: Format): LatestBuild<ScrapeBody> {
    const join = createJoin();
    return latestBuild(
      () => ({}),
      () => gzipped(join, format),
    );
  }
  const whole = { text: sharedBuilds("text"), openmetrics: sharedBuilds("openmetrics") };
  return ({ format, encoding, names }) => {
    if (encoding === "identity") return plain(format, names);
    return names.length === 0 ? whole[format]() : gzipped(createJoin(), format, names);
  };
}

type Join = (pieces: ScrapeBody) => Promise<Buffer>;

const LARGE_BYTES = 1024 * 1024;

/** Into memory of its own, which the next call writes over; a turn of the event loop after each large piece. */
function createJoin(): Join {
  let memory = Buffer.alloc(0);
  return async (pieces) => {
    const size = pieces.reduce((sum, { length }) => sum + length, 0);
    if (memory.length < size) memory = Buffer.allocUnsafeSlow(size * 1.1);
    let length = 0;
    for (const piece of pieces) {
      length += piece.copy(memory, length);
      if (piece.length > LARGE_BYTES) await nextTurn();
    }
    return memory.subarray(0, length);
  };
}

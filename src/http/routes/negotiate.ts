/** One range of an Accept or Accept-Encoding header. */
interface Range {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** Longest header that is read; real ones have some 300 characters. */
const READ_LENGTH = 4096;

/** Ranges with their quality (RFC 9110 section 12.4.2). Linear in the header's length; malformed parts are passed over. */
function parseRanges(header: string | undefined): Range[] {
  return (header ?? "")
    .slice(0, READ_LENGTH)
    .split(",")
    .flatMap((part) => {
      const [value = "", ...rest] = part.split(";").map((piece) => piece.trim());
      if (value === "") return [];
      const parameters = new Map(rest.map(parseParameter));
      const quality = Number(parameters.get("q") ?? 1);
      return [{ value: value.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality }];
    });
}

function parseParameter(text: string): [name: string, value: string] {
  const [name = "", ...value] = text.split("=");
  return [name.trim().toLowerCase(), value.join("=").trim().replaceAll('"', "")];
}

/** What each format is called in an Accept header: its type, the versions that our answer satisfies, its wildcards. */
const TEXT = {
  type: "text/plain",
  versions: new Set<string | undefined>(["0.0.4", undefined]),
  wildcards: ["text/*", "*/*"],
};
const OPENMETRICS = {
  type: "application/openmetrics-text",
  versions: new Set<string | undefined>(["1.0.0", "0.0.1", undefined]),
  wildcards: ["application/*", "*/*"],
};

/**
 * The format for a request: OpenMetrics when it is wanted more than text, or as much and named first. Else
 * text, so that nobody is ever turned away.
 */
export function negotiateFormat(accept: string | undefined): "text" | "openmetrics" {
  const ranges = parseRanges(accept);
  const openmetrics = wish(ranges, OPENMETRICS);
  const text = wish(ranges, TEXT);
  if (openmetrics.quality === 0) return "text";
  if (openmetrics.quality === text.quality)
    return openmetrics.position < text.position ? "openmetrics" : "text";
  return openmetrics.quality > text.quality ? "openmetrics" : "text";
}

/** How much a format is wanted, by the most specific ranges that cover it; among equal ones the best counts. */
function wish(
  ranges: readonly Range[],
  { type, versions, wildcards }: typeof TEXT,
): { quality: number; position: number } {
  const positioned = ranges.map((range, position) => ({ ...range, position }));
  const named = positioned.filter(
    ({ value, parameters }) => value === type && versions.has(parameters.get("version")),
  );
  const covering = [
    named,
    ...wildcards.map((wildcard) => positioned.filter(({ value }) => value === wildcard)),
  ];
  const best = covering.find((group) => group.length > 0)?.toSorted((a, b) => b.quality - a.quality)[0];
  return best ?? { quality: 0, position: ranges.length };
}

/** Whether the client takes gzip: named itself or by `*`, with a quality above 0. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const ranges = parseRanges(acceptEncoding);
  const gzip = ranges.find(({ value }) => value === "gzip") ?? ranges.find(({ value }) => value === "*");
  return gzip !== undefined && gzip.quality > 0;
}

const UNITS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** Bytes per second of a speed as the API writes it: bits with a unit, `10G` is 1.25e9. Undefined when it is none. */
export function bytesPerSecond(speed: string): number | undefined {
  // A capital B would be bytes, which no link's speed is told in.
  const groups = /^(?<count>\d+(?:\.\d+)?)\s*(?<unit>[KMGTkmgt])(?:bps|bit\/s|b\/s)?$/.exec(
    speed.trim(),
  )?.groups;
  const unit = UNITS[groups?.["unit"]?.toUpperCase() ?? ""];
  return groups === undefined || unit === undefined ? undefined : (Number(groups["count"]) * unit) / 8;
}

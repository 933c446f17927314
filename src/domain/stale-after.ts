const LEAST_DEFAULT_MS = 600_000;

/**
 * Age in milliseconds of the last good answer at which a state is Unknown: as configured, but at least twice the
 * interval in effect; unconfigured, the larger of 10 min and three times that interval.
 */
export function staleAfterMs(configuredMs: number | undefined, intervalInEffectMs: number): number {
  return configuredMs === undefined
    ? Math.max(LEAST_DEFAULT_MS, 3 * intervalInEffectMs)
    : Math.max(configuredMs, 2 * intervalInEffectMs);
}

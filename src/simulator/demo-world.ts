import type { SimulatedAccount } from "./credentials.ts";
import { CALM_WORLD, RARE_OUTAGES, type World } from "./world.ts";

/** The demo's world, its stories beginning at `epochMs`: beats of 4 s, so that states change every few seconds. */
export function demoWorld(epochMs: number): World {
  return { ...CALM_WORLD, beatMs: 4000, epochMs, outageShare: RARE_OUTAGES };
}

/** The demo's interconnects in three sites; the words after the number are sentinels. */
export const DEMO_INTERCONNECTS = [
  "icon-ewr-01",
  "icon-ewr-02-flap",
  "icon-ewr-03",
  "icon-ewr-04-gcp",
  "icon-lhr-01",
  "icon-lhr-02-turnup",
  "icon-lhr-03-slow-1500",
  "icon-lhr-04-brownout-low-light",
  "icon-fra-01",
  "icon-fra-02-outage-no-light",
  "icon-fra-03-burst-500",
  "icon-fra-04-error-404",
] as const satisfies readonly string[];

/** The demo's one account. Its token opens nothing but the simulator. */
export const DEMO_ACCOUNT = {
  accountId: "023e105f4ecef8ad9ca31a8372d0c353",
  credentials: ["simulated-token-for-the-demo"],
  interconnects: DEMO_INTERCONNECTS,
} as const satisfies SimulatedAccount;

/** Of the demo's groups one has what it needs, and one is below its minimum while the outage lasts. */
export const DEMO_GROUPS = [
  { name: "newyork", members: ["icon-ewr-01", "icon-ewr-02-flap", "icon-ewr-03"], minHealthy: 1 },
  { name: "frankfurt", members: ["icon-fra-01", "icon-fra-02-outage-no-light"], minHealthy: 2 },
] as const satisfies readonly {
  readonly name: string;
  readonly members: readonly (typeof DEMO_INTERCONNECTS)[number][];
  readonly minHealthy: number;
}[];

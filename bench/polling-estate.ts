import type { SimulatedAccount } from "../src/simulator/credentials.ts";

/** Accounts with as many interconnects each, none with a sentinel in its name. */
export function accountsOf(count: number, interconnects: number): readonly SimulatedAccount[] {
  return Array.from({ length: count }, (_, nth) => ({
    accountId: nth.toString(16).padStart(32, "0"),
    credentials: [`simulated-token-of-account-${nth}`],
    interconnects: Array.from({ length: interconnects / count }, (_unused, index) => `icon-${nth}-${index}`),
  }));
}

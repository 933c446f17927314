import type { SimulatedAccount } from "../src/simulator/credentials.ts";

/** Accounts with as many interconnects each, none with a sentinel in its name. */
export function accountsOf(count: number, interconnects: number): readonly SimulatedAccount[] {
  return Array.from({ length: count }, (_, nth) => ({
    accountId: nth.toString(16).padStart(32, "0"),
    credentials: [`simulated-token-of-account-${nth}`],
    interconnects: Array.from({ length: interconnects / count }, (_unused, index) => `icon-${nth}-${index}`),
  }));
}

/** A configuration that polls them all at the simulated API on this port; JSON is YAML. */
export function pollingConfig(
  accounts: readonly SimulatedAccount[],
  simulatorPort: number,
  intervalSeconds: number,
): string {
  return JSON.stringify({
    poll: { interval: `${intervalSeconds}s`, concurrency: Math.max(accounts.length, 8) },
    api: { base_url: `http://127.0.0.1:${simulatorPort}/client/v4` },
    accounts: accounts.map(({ accountId, credentials, interconnects }, nth) => ({
      name: `account-${nth}`,
      account_id: accountId,
      api_token: credentials[0],
      interconnects,
    })),
  });
}

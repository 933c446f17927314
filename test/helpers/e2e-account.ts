import type { Simulator } from "../../src/simulator/simulator.ts";

/** The account of most tests here, as the simulator knows it. */
const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
const TOKEN = "cfut_token-of-the-end-to-end-tests";

/** Short intervals need more than Cloudflare allows; the budget itself is tested on a fake clock. */
export const AMPLE_BUDGET = 100_000;

export function accountWith(interconnects: readonly string[]) {
  return { accountId: ACCOUNT_ID, credentials: [TOKEN], interconnects };
}

/** A configuration that polls these interconnects of that account. */
export function configFor(
  simulator: Pick<Simulator, "baseUrl">,
  interconnects: readonly string[],
  poll: Readonly<Record<string, string | number>>,
) {
  return {
    poll,
    api: { base_url: simulator.baseUrl, budget: AMPLE_BUDGET },
    accounts: [{ name: "production", account_id: ACCOUNT_ID, api_token: TOKEN, interconnects }],
  };
}

/** The official SDK as the oracle that the simulator is faithful, and the accounts that its tests share. */
import Cloudflare, { APIError } from "cloudflare";

import type { SimulatedAccount } from "../../src/simulator/credentials.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator/simulator.ts";
import { FakeClock } from "./fake-clock.ts";

export const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
export const OTHER_ACCOUNT = "699d98642c564d2e855e9661899b7252";
export const TOKEN = "simulated-token";
export const ACCOUNT_TOKEN = "cfat_simulated";
export const PAIR = { email: "noc@example.com", key: "0123456789abcdef0123456789abcdef01234" };

export const account: SimulatedAccount = {
  accountId: ACCOUNT,
  credentials: [TOKEN, PAIR],
  interconnects: ["steady-01", "down-01-no-light", "unhealthy-01-null-reason", "pending-01", "icon-gcp-01"],
};
const otherAccount: SimulatedAccount = {
  accountId: OTHER_ACCOUNT,
  credentials: [ACCOUNT_TOKEN],
  interconnects: ["icon-lhr-01"],
  tokenExpiresOn: "2030-01-01T00:00:00Z",
};

/** The time of every simulator that `start` starts. */
export const clock = new FakeClock();

export function start(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  return startSimulator({ accounts: [account, otherAccount], clock, ...options });
}

type ClientOptions = ConstructorParameters<typeof Cloudflare>[0];

/** The official client on the simulator: it sends only the credentials given and never retries. */
export function sdk(simulator: Simulator, options: ClientOptions = { apiToken: TOKEN }): Cloudflare {
  const none = { apiToken: null, apiEmail: null, apiKey: null, userServiceKey: null };
  return new Cloudflare({ ...none, baseURL: simulator.baseUrl, maxRetries: 0, ...options });
}

/** The error of the SDK that the promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<APIError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof APIError) return error;
  throw new TypeError("Expected an error of the SDK");
}

export function codesOf(error: {
  readonly errors: readonly { readonly code?: number }[];
}): (number | undefined)[] {
  return error.errors.map(({ code }) => code);
}

export const at = { account_id: ACCOUNT };

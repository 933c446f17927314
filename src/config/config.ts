import { createHash } from "node:crypto";
import type { Secret } from "../base/secret.ts";
import type { LinkState } from "../domain/link-state.ts";
import type { ReasonRules } from "../domain/reason.ts";

/** The configuration in effect: validated, defaults filled in, deeply frozen. */
export interface Config {
  readonly poll: PollConfig;
  readonly api: ApiConfig;
  readonly accounts: readonly AccountConfig[];
  readonly reasons: ReasonRules;
}

export interface PollConfig {
  readonly intervalMs: number;
  /** For one whole poll, retries included. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly concurrency: number;
  /** At least twice the interval, whatever the file says. */
  readonly staleAfterMs: number;
}

export interface ApiConfig {
  /** Without a slash at its end. */
  readonly baseUrl: string;
}

export interface AccountConfig {
  readonly name: string;
  /** 32 hexadecimal digits, lower case. */
  readonly accountId: string;
  readonly credential: Credential;
  readonly interconnects: readonly InterconnectConfig[];
}

export type Credential =
  | { readonly scheme: "token"; readonly token: SecretSource }
  | { readonly scheme: "key"; readonly email: string; readonly key: SecretSource };

export type SecretSource =
  | { readonly from: "inline"; readonly value: Secret }
  /** The path is absolute; the value is as read when the config was loaded. */
  | { readonly from: "file"; readonly path: string; readonly value: Secret };

export interface InterconnectConfig {
  readonly name: string;
  readonly expectedState: LinkState;
  /** Without a prototype, so that a key such as `constructor` is only there when somebody set it. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The same string for two accounts that share one credential; a SHA-256 in hexadecimal, so it shows no secret. */
export function credentialKey(credential: Credential): string {
  const [email, source] =
    credential.scheme === "token" ? ["", credential.token] : [credential.email, credential.key];
  const identity = source.from === "file" ? source.path : source.value.reveal();
  const parts = [credential.scheme, email, source.from, identity];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

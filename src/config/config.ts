import { createHash } from "node:crypto";
import type { Secret } from "../base/secret.ts";
import type { Credential } from "../domain/credential.ts";
import type { LinkState } from "../domain/link-state.ts";
import type { ReasonRules } from "../domain/reason.ts";

/** The configuration in effect: validated, defaults filled in, deeply frozen. */
export interface Config {
  readonly poll: PollConfig;
  readonly api: ApiConfig;
  readonly accounts: readonly AccountConfig[];
  readonly groups: readonly GroupConfig[];
  readonly reasons: ReasonRules;
}

export interface PollConfig {
  readonly intervalMs: number;
  /** At most the interval; 0 when there is no such rhythm. */
  readonly attentionIntervalMs: number;
  /** For one whole poll, retries included. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly concurrency: number;
  /** As the file says; undefined when it does not. For an interval in effect that is longer than the configured one. */
  readonly staleAfterConfiguredMs: number | undefined;
  /** For the configured interval: at least twice that, whatever the file says. */
  readonly staleAfterMs: number;
}

export interface ApiConfig {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Per credential in any 5 minutes. */
  readonly budgetRequests: number;
  /** Further CA certificates. */
  readonly ca: CertificateFile | undefined;
  /** May hold a user name and a password, percent-encoded. Undefined leaves it to the environment. */
  readonly proxyUrl: Secret | undefined;
}

export interface CertificateFile {
  /** Absolute. */
  readonly path: string;
  /** As read when the config was loaded: PEM, one after the other, and nothing else that is in the file. */
  readonly certificates: string;
}

export interface AccountConfig {
  readonly name: string;
  /** 32 hexadecimal digits, lower case. */
  readonly accountId: string;
  readonly credential: Credential;
  /** Empty only when discovery is enabled. */
  readonly interconnects: readonly InterconnectConfig[];
  readonly discovery: DiscoveryConfig;
}

export interface InterconnectConfig {
  readonly name: string;
  readonly expectedState: LinkState;
  /** Without a prototype, so that a key such as `constructor` is only there when somebody set it. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface DiscoveryConfig {
  readonly enabled: boolean;
  readonly intervalMs: number;
  /** Globs, at least one; for `globToRegExp`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Interconnects that stand in for one another. */
export interface GroupConfig {
  readonly name: string;
  /** Keys of targets, at least one; an interconnect is in at most one group. */
  readonly members: readonly string[];
  /** From 1 to the number of members. */
  readonly minHealthy: number;
}

/**
 * The same string for two accounts that share one credential, by whatever way each came by it; of the value as it
 * was when the config was loaded. A SHA-256 in hexadecimal, so it shows no secret.
 */
export function credentialKey(credential: Credential): string {
  const [email, source] =
    credential.scheme === "token" ? ["", credential.token] : [credential.email.toLowerCase(), credential.key];
  const parts = [credential.scheme, email, source.value.reveal()];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

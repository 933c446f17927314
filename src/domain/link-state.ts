/** The four words of Cloudflare's API, in its own case (schema `nsc_StatusInfo`). */
export const LINK_STATES = ["Healthy", "Unhealthy", "Down", "Pending"] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** What an interconnect can be in for us: the API's words, and `Unknown`, which is ours. */
export const STATES = [...LINK_STATES, "Unknown"] as const;
export type State = (typeof STATES)[number];

export function isLinkState(word: string): word is LinkState {
  return LINK_STATES.some((state) => state === word);
}

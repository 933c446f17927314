import type { LinkState } from "./link-state.ts";

/** What the project knows about an interconnect besides its state; `""` where it is not known. */
export interface InterconnectInfo {
  readonly type: string;
  readonly site: string;
  readonly facility: string;
  /** As the API writes it, such as `10G`. */
  readonly speed: string;
  readonly device: string;
  readonly region: string;
  readonly slotId: string;
}

/** One interconnect that is polled. */
export interface Target {
  /** `account/interconnect`: unique, since an account's name holds no slash. */
  readonly key: string;
  /** The account's name in the config. */
  readonly account: string;
  /** Cloudflare's id of the account. */
  readonly accountId: string;
  /** The API's `icon`: the interconnect's name. */
  readonly interconnect: string;
  readonly expectedState: LinkState;
  readonly labels: Readonly<Record<string, string>>;
  readonly info: InterconnectInfo;
}

export const NO_INFO: InterconnectInfo = {
  type: "",
  site: "",
  facility: "",
  speed: "",
  device: "",
  region: "",
  slotId: "",
};

export function targetKey(account: string, interconnect: string): string {
  return `${account}/${interconnect}`;
}

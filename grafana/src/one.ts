import { ofAccount, ofRecord } from "./selectors.ts";

/** The one interconnect that the detail dashboard shows. */
export const ONE = 'interconnect="$interconnect"';

/** Its state as a number, see the recording rule. */
export const RANK_OF_ONE: string = `max(${ofRecord("account_interconnect:cloudflare_interconnect_state:rank", ONE)})`;

/** Its rows of a family. */
export function ofOne(family: string, more = ""): string {
  return ofAccount(family, more === "" ? ONE : `${ONE},${more}`);
}

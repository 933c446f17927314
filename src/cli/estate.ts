import { type AccountConfig, type Config, credentialKey, type DiscoveryConfig } from "../config/config.ts";
import type { Credential } from "../domain/credential.ts";
import { isWanted } from "../domain/discovered.ts";
import type { LinkState } from "../domain/link-state.ts";
import { targetKey } from "../domain/target.ts";
import type { SimulatedAccount } from "../simulator/credentials.ts";

/** An interconnect that the daemon will poll. */
export interface Circuit {
  /** `account/interconnect`. */
  readonly key: string;
  /** The account's name in the configuration. */
  readonly account: string;
  readonly accountId: string;
  readonly interconnect: string;
  /** Undefined where the name decides what it does. */
  readonly expectedState: LinkState | undefined;
  readonly group: string | undefined;
}

/** What is simulated: as Cloudflare has it, and as the daemon sees it. */
export interface Estate {
  readonly accounts: readonly SimulatedAccount[];
  readonly circuits: readonly Circuit[];
  /** Accounts whose interconnects only the API could tell, so that some were made up. */
  readonly madeUp: ReadonlySet<string>;
}

/** The estate of a configuration: names that it lists, members of its groups, and where only discovery knows, some that are made up. */
export function estateOf(config: Config): Estate {
  const madeUp = new Set<string>();
  // At Cloudflare there is one account for each id, whoever asks for it under whatever name.
  const accounts = [...Map.groupBy(config.accounts, ({ accountId }) => accountId)].map(
    ([accountId, same]) => {
      const names = new Set(same.flatMap((account) => namesIn(account, config)));
      for (const { name, interconnects, discovery } of same) {
        if (interconnects.length > 0 || [...names].some((each) => isWanted(each, discovery))) continue;
        madeUp.add(name);
        for (const invented of inventedFor(discovery)) names.add(invented);
      }
      const byKey = new Map(same.map(({ credential }) => [credentialKey(credential), revealed(credential)]));
      return { accountId, credentials: [...byKey.values()], interconnects: [...names] };
    },
  );
  const groupOf = new Map(config.groups.flatMap(({ name, members }) => members.map((key) => [key, name])));
  const circuits = config.accounts.flatMap(({ name, accountId, interconnects, discovery }) => {
    const listed = new Map(interconnects.map((one) => [one.name, one.expectedState]));
    const all = accounts.find((each) => each.accountId === accountId)?.interconnects ?? [];
    const found = discovery.enabled ? all.filter((each) => isWanted(each, discovery)) : [];
    return [...new Set([...listed.keys(), ...found])].map((interconnect): Circuit => {
      const key = targetKey(name, interconnect);
      const expectedState = listed.get(interconnect) ?? "Healthy";
      return { key, account: name, accountId, interconnect, expectedState, group: groupOf.get(key) };
    });
  });
  return { accounts, circuits, madeUp };
}

/** The names that the configuration holds: listed, in a group, or an include without a pattern in it. */
function namesIn({ name, interconnects, discovery }: AccountConfig, { groups }: Config): readonly string[] {
  const prefix = `${name}/`;
  const members = groups
    .flatMap((group) => group.members)
    .filter((member) => member.startsWith(prefix))
    .map((member) => member.slice(prefix.length));
  const plain = discovery.enabled ? discovery.include.filter((pattern) => !/[*?]/.test(pattern)) : [];
  return [...interconnects.map((one) => one.name), ...members, ...plain];
}

/** Two names at most that the account's discovery takes. */
function inventedFor(discovery: DiscoveryConfig): readonly string[] {
  const names = discovery.include.flatMap((pattern) =>
    ["simulated-01", "simulated-02"].map((word) =>
      pattern.replace("*", word).replaceAll("*", "").replaceAll("?", "x"),
    ),
  );
  return [...new Set(names)].filter((name) => isWanted(name, discovery)).slice(0, 2);
}

function revealed(credential: Credential): SimulatedAccount["credentials"][number] {
  if (credential.scheme === "token") return credential.token.value.reveal();
  return { email: credential.email, key: credential.key.value.reveal() };
}

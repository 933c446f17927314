import {
  type AccountConfig,
  credentialKey,
  type GroupConfig,
  type InterconnectConfig,
} from "../config/config.ts";
import { connector } from "../daemon/connect.ts";
import { oneRound } from "../daemon/one-round.ts";
import type { Credential, SecretSource } from "../domain/credential.ts";
import type { Target } from "../domain/target.ts";
import type { CommandContext } from "./command.ts";
import { createLogger } from "./logger.ts";
import { type ReadConfig, readConfigSource } from "./read-config.ts";

type Item = Partial<InterconnectConfig> & { readonly name: string };

/** `discover`: prints a configuration with the interconnects of every account, whether its discovery is on or not; nothing when a list fails. */
export async function discover(context: CommandContext): Promise<number> {
  const { args, build, clock, random, stop, env, print, printError } = context;
  const read = await readConfigSource(context);
  if (read === undefined) return 1;
  const { config } = read;
  const everything = { enabled: true, intervalMs: 0, include: ["*"], exclude: [] };
  const accounts = config.accounts.map((account) =>
    Object.assign({}, account, { interconnects: [], discovery: everything }),
  );
  const { snapshot, failedLists } = await oneRound({
    config: { ...config, accounts },
    connect: connector(build.version, clock, env),
    poll: false,
    clock,
    random,
    log: createLogger(args, context.logOutput),
    signal: stop,
  });
  for (const [account, { message }] of failedLists) printError(`${account}: ${message}\n`);
  // Half of it would look like all of it to whoever writes it to a file.
  if (failedLists.size > 0) return 1;
  const { targets } = snapshot.state.plan;
  print(args.output === "json" ? renderJson(targets) : renderConfiguration(read, targets));
  return 0;
}

/** A configuration; JSON is YAML's too, and quotes what needs it. What the one in use says of an interconnect is kept. */
function renderConfiguration({ config, writtenAt }: ReadConfig, targets: readonly Target[]): string {
  const suffixes = suffixesOf(config.accounts);
  const parts = config.accounts.map((account, index) => {
    const { name, accountId } = account;
    const own = targets.filter((target) => target.account === name);
    const items = itemsOf(own, [...account.interconnects, ...membersOf(name, config.groups)]);
    const list = items.length === 0 ? " []\n" : `\n${items.map((item) => `      - ${item}\n`).join("")}`;
    const suffix = suffixes.get(credentialKey(account.credential)) ?? "";
    const credential = credentialLines(account, suffix, (key) => writtenAt(`accounts[${index}].${key}`));
    return `  - name: ${name}\n    account_id: ${accountId}\n${credential}    interconnects:${list}`;
  });
  const groups = config.groups.map(({ name, members, minHealthy }) => {
    const list = members.map(quote).join(", ");
    return `  - { name: ${name}, members: [${list}], min_healthy: ${minHealthy} }\n`;
  });
  return `accounts:\n${parts.join("")}${groups.length === 0 ? "" : `groups:\n${groups.join("")}`}`;
}

/** The interconnects of the account that groups name: they stay known, or the groups would be wrong. */
function membersOf(account: string, groups: readonly GroupConfig[]): readonly Item[] {
  return groups.flatMap(({ members }) =>
    members
      .filter((member) => member.startsWith(`${account}/`))
      .map((member) => ({ name: member.slice(account.length + 1) })),
  );
}

/** Those of the list in its order, then those that are known and not in it. */
function itemsOf(found: readonly Target[], known: readonly Item[]): readonly string[] {
  const others = new Map(known.toReversed().map((each) => [each.name, each]));
  const listed = found.map((target) => {
    const text = item(others.get(target.interconnect) ?? { name: target.interconnect });
    others.delete(target.interconnect);
    return `${text}${describe(target)}`;
  });
  return [
    ...listed,
    ...[...others.values()].toReversed().map((each) => `${item(each)}   # not in the account's list`),
  ];
}

function item({ name, expectedState = "Healthy", labels = {} }: Item): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}: ${quote(value)}`);
  if (pairs.length === 0 && expectedState === "Healthy") return quoteName(name);
  const more = pairs.length === 0 ? "" : `, labels: { ${pairs.join(", ")} }`;
  return `{ name: ${quote(name)}, expected_state: ${expectedState}${more} }`;
}

/** What tells apart the variables for several credentials that stand in the configuration itself, by their keys: their first account's name. */
function suffixesOf(accounts: readonly AccountConfig[]): ReadonlyMap<string, string> {
  const inline = accounts.filter(({ credential }) => sourceOf(credential).from === "inline");
  const firsts = new Map(
    inline.toReversed().map(({ credential, name }) => [credentialKey(credential), name] as const),
  );
  if (firsts.size < 2) return new Map();
  return new Map(
    [...firsts].map(([key, name]) => [key, `_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`]),
  );
}

function sourceOf(credential: Credential): SecretSource {
  return credential.scheme === "token" ? credential.token : credential.key;
}

/** Where the credential is: its file, or its variable. One that stands in the configuration itself is not shown, and a variable to be set is put in its place. */
function credentialLines(
  { credential }: AccountConfig,
  suffix: string,
  writtenAt: (key: string) => string | undefined,
): string {
  const [key, source] =
    credential.scheme === "token"
      ? (["api_token", credential.token] as const)
      : (["api_key", credential.key] as const);
  const email = credential.scheme === "key" ? `    api_email: ${quote(credential.email)}\n` : "";
  if (source.from === "file") return `${email}    ${key}_file: ${quote(source.path)}\n`;
  const written = /^\$\{\w+\}$/.exec(writtenAt(key) ?? "")?.[0];
  const secret =
    written ?? `\${CLOUDFLARE_${key.toUpperCase()}${suffix}}   # in place of the one in the configuration`;
  return `${email}    ${key}: ${secret}\n`;
}

function quote(text: string): string {
  return JSON.stringify(text).replaceAll("${", () => "$${");
}

/** A plain `null` would be nothing, and a `${` the environment's, quoted or not. */
function quoteName(name: string): string {
  if (/^(?!null$)[A-Za-z][\w.-]*$/i.test(name)) return name;
  return quote(name);
}

/** What the list tells of it, as a comment. */
function describe({ info }: Target): string {
  const facts = [info.type, info.site, info.region, info.facility, info.speed].filter((fact) => fact !== "");
  return facts.length === 0 ? "" : `   # ${facts.join(", ")}`;
}

function renderJson(targets: readonly Target[]): string {
  const found = targets.map(({ account, accountId, interconnect, info: { slotId, ...info } }) =>
    // By the names of the JSON API.
    Object.assign({ account, account_id: accountId, interconnect }, info, { slot_id: slotId }),
  );
  return `${JSON.stringify(found, null, 2)}\n`;
}

import { connector } from "../daemon/connect.ts";
import { oneRound } from "../daemon/one-round.ts";
import type { Target } from "../domain/target.ts";
import type { CommandContext } from "./command.ts";
import { createLogger } from "./logger.ts";
import { readConfig } from "./read-config.ts";

/** `discover`: lists the interconnects of every account, whether its discovery is on or not, as a config fragment. */
export async function discover(context: CommandContext): Promise<number> {
  const { args, build, clock, random, stop, env, print, printError } = context;
  const config = await readConfig(context);
  if (config === undefined) return 1;
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
  const { targets } = snapshot.state.plan;
  print(args.output === "json" ? renderJson(targets) : renderFragment(accounts, targets));
  for (const [account, { message }] of failedLists) printError(`${account}: ${message}\n`);
  return failedLists.size === 0 ? 0 : 1;
}

/** YAML to paste into a configuration; JSON strings are YAML's too, and quote what needs it. */
function renderFragment(
  accounts: readonly { readonly name: string; readonly accountId: string }[],
  targets: readonly Target[],
): string {
  const parts = accounts.map(({ name, accountId }) => {
    const own = targets.filter(({ account }) => account === name);
    const items = own.map((target) => `      - ${quoteName(target.interconnect)}${describe(target)}\n`);
    const list = items.length === 0 ? " []\n" : `\n${items.join("")}`;
    return `  - name: ${name}\n    account_id: ${accountId}\n    interconnects:${list}`;
  });
  return `accounts:\n${parts.join("")}`;
}

/** A plain `null` would be nothing, and a `${` the environment's, quoted or not. */
function quoteName(name: string): string {
  if (/^(?!null$)[A-Za-z][\w.-]*$/i.test(name)) return name;
  return JSON.stringify(name).replaceAll("${", () => "$${");
}

/** What the list tells of it, as a comment. */
function describe({ info }: Target): string {
  const facts = [info.type, info.site, info.region, info.facility, info.speed].filter((fact) => fact !== "");
  return facts.length === 0 ? "" : `   # ${facts.join(", ")}`;
}

function renderJson(targets: readonly Target[]): string {
  const found = targets.map(({ account, accountId, interconnect, info }) => ({
    account,
    account_id: accountId,
    interconnect,
    ...info,
  }));
  return `${JSON.stringify(found, null, 2)}\n`;
}

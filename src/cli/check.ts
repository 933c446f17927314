import { formatDuration } from "../base/duration.ts";
import type { Config } from "../config/config.ts";
import type { CommandContext } from "./command.ts";
import { readConfig } from "./read-config.ts";
import { readWebConfig } from "./read-web-config.ts";

/** Cloudflare's window, and what it allows in it to a user or token. */
const WINDOW_MS = 300_000;
const LIMIT_REQUESTS = 1200;

/** `check`: every problem of the configuration, or the polls that it leads to and what they cost. */
export async function check(context: CommandContext): Promise<number> {
  const config = await readConfig(context);
  const webConfig = await readWebConfig(context);
  if (config === undefined || webConfig === undefined) return 1;
  context.print(describePolls(config));
  return 0;
}

/** One line per account, as `check` prints it. */
export function describePolls({ accounts, poll }: Config): string {
  const lines = accounts.map(({ name, interconnects }) => {
    const requests = Math.ceil((interconnects.length * WINDOW_MS) / poll.intervalMs);
    const share = Math.ceil((requests / LIMIT_REQUESTS) * 100);
    return `${name}: ${interconnects.length} interconnects every ${formatDuration(poll.intervalMs)}, ${requests} requests in 5 minutes, ${share} % of the ${LIMIT_REQUESTS} that Cloudflare allows\n`;
  });
  return `The configuration is valid\n${lines.join("")}`;
}

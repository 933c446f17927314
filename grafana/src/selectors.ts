/** Labels and values as a selector's inside, such as `state="Down"`; empty for none. */
type Matchers = string;

function selector(name: string, base: Matchers, more: Matchers): string {
  return `${name}{${more === "" ? base : `${base},${more}`}}`;
}

/** A family whose rows name an account. */
export function ofAccount(name: string, more: Matchers = ""): string {
  return selector(name, 'job=~"$job",instance=~"$instance",account=~"$account"', more);
}

/** A family of the process, of its groups or of the scrape: no account. */
export function ofProcess(name: string, more: Matchers = ""): string {
  return selector(name, 'job=~"$job",instance=~"$instance"', more);
}

/** A record of our rules: replicas are merged in it, so that there is no instance. */
export function ofRecord(name: string, more: Matchers = ""): string {
  return selector(name, 'job=~"$job",account=~"$account"', more);
}

/** The rows of that replica which has the latest answer. */
export function freshest(rows: string, more: Matchers = ""): string {
  const answered = ofAccount("cloudflare_interconnect_last_success_timestamp_seconds", more);
  return (
    `${rows} and on (job, instance, account, interconnect) ` +
    `(${answered} == on (job, account, interconnect) group_left () max by (job, account, interconnect) (${answered}))`
  );
}

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

/** The clock of each replica, as it was when the replica was scraped. */
const CLOCK = ofProcess("cloudflare_interconnect_exporter_time_seconds");

/** How long ago something was, by the clock of the replica that wrote down when; never where that is 0. */
export function ageOf(timestamps: string, ownLabels = "account, interconnect"): string {
  return `(${CLOCK} - ignoring (${ownLabels}) group_right () (${timestamps} > 0))`;
}

/** The rows of that replica which has the latest answer, by Prometheus's clock. */
export function freshest(rows: string, more: Matchers = ""): string {
  const success = ofAccount("cloudflare_interconnect_last_success_timestamp_seconds", more);
  const answered = `(${success} + ignoring (account, interconnect) group_left () (timestamp(${CLOCK}) - ${CLOCK}))`;
  return (
    `${rows} and on (job, instance, account, interconnect) ` +
    `(${answered} == on (job, account, interconnect) group_left () max by (job, account, interconnect) (${answered}))`
  );
}

/** One row for each interconnect, of those that say the same or less: a table would show each of them. */
export function oneOf(rows: string): string {
  return `topk by (account, interconnect) (1, ${rows})`;
}

/** The reason's rows. An empty label is none, and where all are empty the table would lose the column. */
export function withReason(rows: string): string {
  return `label_replace(${rows}, "reason", "-", "reason", "")`;
}

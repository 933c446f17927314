import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PrometheusVersion } from "../../helpers/prometheus-tools.ts";
import { untilTrue } from "../../helpers/until.ts";
import { dashboardQueries } from "./dashboard-queries.ts";
import { DETAIL_AWAY, DETAIL_DOWN, DETAIL_GONE, DETAIL_LIMITED } from "./detail-table.ts";
import { ACCOUNT_IDS, STALE_AFTER_SECONDS, tooOften } from "./estate.ts";
import { EXPORTER_AWAY, EXPORTER_DOWN, EXPORTER_LIMITED } from "./exporter-table.ts";
import { OVERVIEW_AWAY, OVERVIEW_BACK, OVERVIEW_DOWN, OVERVIEW_GONE } from "./overview-table.ts";
import { ruleQueries } from "./rule-queries.ts";
import {
  RULES_AWAY,
  RULES_DOWN,
  RULES_GONE,
  RULES_LIMITED,
  RULES_MEMBER,
  RULES_MISCONFIGURED,
} from "./rules-table.ts";
import { type Stage, startStage } from "./stage.ts";
import { expectTable } from "./table.ts";
import {
  expectUnbroken,
  firingOf,
  spansSince,
  told,
  untilMessage,
  untilNoneFires,
  untilSilenced,
  untilTold,
} from "./watch.ts";

/** `for`, scrape interval and group_wait of the shipped files, divided. */
const FOR_SECONDS = 6;
const SCRAPE_SECONDS = 1.5;
const GROUP_WAIT_SECONDS = 0.75;
/** What processes on a busy machine may take beside the intervals, which are short here. */
const SLACK_SECONDS = 4;
/** Five minutes, divided. */
const FIVE_MINUTES_SECONDS = 15;

const HEALTHY = { state: "Healthy" };
const DARK = { state: "Down", reason: "no light detected" };
const CLOSED = { state: "Down", reason: "port administratively down" };

/** Alerts on the states of account `production` and of its group. */
const STATE_ALERTS =
  'alertname=~"CloudflareInterconnect(Down|Unhealthy|PendingTooLong|NotAsExpected|Flapping|Unknown|DataStale|Group.*)",account=~"production|",group!="frankfurt"';
const LHR_1 = { account: "production", interconnect: "icon-lhr-01" };
/** The page that is never to end once it began. */
const PAGE = { name: "Down", interconnect: "icon-lhr-01" };

const panels = dashboardQueries();
const rules = ruleQueries();

/** One story in several parts: each test goes on from where the one before it ended. */
export function tellStory(version: PrometheusVersion): void {
  describe(`with Prometheus ${version} and its Alertmanager,`, { timeout: 180_000 }, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await startStage(version);
      const { prometheus, simulator } = stage;
      await untilTrue("all of production to be Healthy", async () => {
        const healthy = 'cloudflare_interconnect_state{account="production",state="Healthy"} == 1';
        return (await prometheus.query(`count(${healthy}) == 5`)).length === 1;
      });
      // For the alerts on a circuit that falls back, and on a list that shrinks.
      stage.setStatus(["icon-fra-06"], { state: "Pending" });
      simulator.setInterconnects(ACCOUNT_IDS.annex, ["icon-ams-01-flap"]);
    }, 120_000);
    afterAll(() => stage?.[Symbol.asyncDispose]());

    /** When the exporter read that a circuit went Down, in seconds. */
    async function downSince(interconnect: string): Promise<number> {
      const row = `account="production",interconnect="${interconnect}"`;
      const [sample] = await stage.prometheus.query(
        `cloudflare_interconnect_state_since_timestamp_seconds{${row}} and on () cloudflare_interconnect_state{${row},state="Down"} == 1`,
      );
      return sample?.value ?? Number.NaN;
    }

    test("a circuit that goes Down is one message to the pager, in time, with reason, circuit and runbook", async () => {
      expect(await stage.prometheus.version()).toMatch(version === "2.x" ? /^2\./ : /^3\./);
      stage.setStatus(["icon-lhr-01"], DARK);
      const page = await untilTold(stage, "firing", "Down", LHR_1);
      expect(page).toMatchObject({
        path: "/pager",
        labels: { severity: "critical", state: "Down", interconnect_site: "lhr-a" },
        annotations: {
          summary: "Interconnect is Down.",
          reason: "no light detected (no_light)",
          circuit: expect.stringContaining("circuit_id=XC-20417"),
          since: expect.stringMatching(/^20\d\d-/),
          runbook_url: `${stage.exporterUrl}/runbooks/CloudflareInterconnectDown`,
          reason_runbook_url: `${stage.exporterUrl}/runbooks/reason-no_light`,
          circuit_url: `${stage.exporterUrl}/interconnects/production/icon-lhr-01`,
        },
      });
      // Whoever is paged finds there what the link promises.
      const { runbook_url, reason_runbook_url, circuit_url } = page.annotations;
      for (const url of [runbook_url, reason_runbook_url, circuit_url]) {
        expect((await fetch(url ?? "")).status).toBe(200);
      }
      const since = await downSince("icon-lhr-01");
      const [span] = await spansSince(stage, firingOf(PAGE), since * 1000);
      const inTime = FOR_SECONDS + 2 * SCRAPE_SECONDS;
      expect((span?.fromSeconds ?? 0) - since).toBeLessThanOrEqual(inTime + SLACK_SECONDS);
      expect(page.atMs / 1000 - since).toBeLessThanOrEqual(inTime + GROUP_WAIT_SECONDS + SLACK_SECONDS);

      const message = await untilMessage(stage, "CloudflareInterconnectDown icon-lhr-01");
      expect(message).toContain("Reason: no light detected (no_light)");
      expect(message).toContain("circuit_id=XC-20417");
      expect(message).toContain(`Runbook: ${stage.exporterUrl}/runbooks/CloudflareInterconnectDown`);
    });

    test("a second circuit of the site joins the message of the first, and nothing else was sent", async () => {
      stage.setStatus(["icon-lhr-02"], DARK);
      const second = await untilTold(stage, "firing", "Down", { interconnect: "icon-lhr-02" });
      const ofSite = stage.inbox.messages.filter(
        ({ path, groupLabels }) => path === "/pager" && groupLabels["interconnect_site"] === "lhr-a",
      );
      expect(ofSite.map(({ alerts }) => new Set(alerts.map(({ labels }) => labels["interconnect"])))).toEqual(
        [new Set(["icon-lhr-01"]), new Set(["icon-lhr-01", "icon-lhr-02"])],
      );
      expect(ofSite.at(-1)?.atMs).toBe(second.atMs);
    });

    test("a member of a group that goes Down is a ticket, and says what the group's alert would", async () => {
      stage.setStatus(["icon-ewr-01"], CLOSED);
      const ticket = await untilTold(stage, "firing", "Down", { interconnect: "icon-ewr-01" });
      expect(ticket).toMatchObject({ path: "/tickets", labels: { group: "newyork", severity: "warning" } });
      await untilSilenced(stage, ["GroupWithoutRedundancy - newyork -"]);
      expect(told(stage, "GroupWithoutRedundancy")).toEqual([]);
      await expectTable(stage.prometheus, RULES_MEMBER, rules);
    });

    test("when the last member goes Down, the group's page comes and silences its members", async () => {
      stage.setStatus(["icon-ewr-02"], CLOSED);
      const page = await untilTold(stage, "firing", "GroupBelowMinimum");
      expect(page).toMatchObject({
        path: "/pager",
        labels: { group: "newyork", severity: "critical" },
        annotations: { members: expect.stringContaining("production/icon-ewr-02: Down") },
      });
      await untilSilenced(stage, [
        "Down production newyork icon-ewr-01",
        "Down production newyork icon-ewr-02",
      ]);
      expect(told(stage, "Down", { interconnect: "icon-ewr-02" })).toEqual([]);
    });

    test("every panel and every rule shows what the story says", async () => {
      // The slowest alerts of the estate need 45 s, and the last of them is inhibited.
      await untilSilenced(stage, ["DataStale refused - -"]);
      await expectTable(stage.prometheus, RULES_DOWN, rules, 90_000);
      await expectTable(stage.prometheus, [...OVERVIEW_DOWN, ...DETAIL_DOWN, ...EXPORTER_DOWN], panels);
      expect(told(stage, "DataStale")).toEqual([]);
      expect(told(stage, "ExporterDown")).toEqual([]);
    });

    test("circuits that recover are resolved, and the one that does not goes on", async () => {
      const sinceMs = Date.now();
      stage.setStatus(["icon-ewr-01", "icon-ewr-02", "icon-lhr-02"], HEALTHY);
      await expectTable(stage.prometheus, OVERVIEW_BACK, panels);
      const pager = await untilTold(stage, "resolved", "GroupBelowMinimum", { group: "newyork" }, sinceMs);
      expect(pager.path).toBe("/pager");
      await untilTold(stage, "resolved", "Down", { interconnect: "icon-ewr-01" }, sinceMs);
      await untilTold(stage, "resolved", "Down", { interconnect: "icon-lhr-02" }, sinceMs);
      await untilNoneFires(stage, "Down|GroupBelowMinimum|GroupWithoutRedundancy", "icon-(ewr|lhr-02).*|");
      await expectUnbroken(stage, PAGE, sinceMs);
    });

    test("an API that is away for longer than stale_after resolves no page", async () => {
      const sinceMs = Date.now();
      stage.setOutage({ delivery: { kind: "reset" } });
      const ticket = await untilTold(stage, "firing", "DataStale", { account: "production" }, sinceMs);
      expect(ticket.atMs - sinceMs).toBeGreaterThan(STALE_AFTER_SECONDS * 1000);
      await expectTable(stage.prometheus, [...OVERVIEW_AWAY, ...DETAIL_AWAY, ...EXPORTER_AWAY], panels);
      await expectTable(stage.prometheus, RULES_AWAY, rules);
      stage.setOutage(undefined);
      await untilTold(stage, "resolved", "DataStale", { account: "production" }, sinceMs);
      await untilNoneFires(stage, "GroupUncertain|DataStale", "|", "newyork|");
      await expectUnbroken(stage, PAGE, sinceMs);
      expect(told(stage, "GroupBelowMinimum").filter(({ atMs }) => atMs >= sinceMs)).toEqual([]);
    });

    test("an API that answers 429 for five minutes starts, flaps and resolves no alert on states", async () => {
      const sinceMs = Date.now();
      const before = await stage.prometheus.query(`ALERTS{alertstate="firing",${STATE_ALERTS}}`);
      expect(before.map(({ labels }) => labels["interconnect"])).toEqual(["icon-lhr-01"]);
      const headers = { "retry-after": String(FIVE_MINUTES_SECONDS) };
      stage.setOutage({ status: 429, headers }, ACCOUNT_IDS.production);
      await untilTold(stage, "firing", "RateLimited", { account: "production" }, sinceMs);
      await expectTable(stage.prometheus, [...DETAIL_LIMITED, ...EXPORTER_LIMITED], panels);
      await expectTable(stage.prometheus, RULES_LIMITED, rules);
      await untilTrue("five minutes of it", async () => {
        const answered = 'cloudflare_interconnect_last_success_timestamp_seconds{account="production"}';
        return (
          (await stage.prometheus.query(`time() - max(${answered}) > ${FIVE_MINUTES_SECONDS}`)).length > 0
        );
      });
      stage.setOutage(undefined);
      await untilTrue("an answer", async () => {
        const answer = 'cloudflare_interconnect_poll_success{account="production"}';
        return (await stage.prometheus.query(`min(${answer}) == 1`)).length > 0;
      });
      const after = await spansSince(stage, STATE_ALERTS, sinceMs);
      expect(after.map(({ name }) => name)).toEqual(["CloudflareInterconnectDown - icon-lhr-01"]);
      await expectUnbroken(stage, PAGE, sinceMs);
      const said = stage.inbox.messages
        .filter(({ atMs, groupLabels }) => atMs >= sinceMs && groupLabels["account"] === "production")
        .flatMap(({ alerts }) => alerts.map(({ labels }) => labels["alertname"]));
      expect(new Set(said)).toEqual(new Set(["CloudflareInterconnectRateLimited"]));
    });

    test("an exporter that is killed is told alone, and its return leaves no gap in a page", async () => {
      const sinceMs = Date.now();
      await stage.killExporter();
      const page = await untilTold(stage, "firing", "ExporterDown", {}, sinceMs);
      expect(page).toMatchObject({ path: "/pager", labels: { severity: "critical" } });
      await untilSilenced(stage, ["DataStale production - -", "DataStale lab - -"]);
      await expectTable(stage.prometheus, RULES_GONE, rules);
      await expectTable(stage.prometheus, [...OVERVIEW_GONE, ...DETAIL_GONE], panels);

      await stage.startExporter();
      await untilTold(stage, "resolved", "ExporterDown", {}, sinceMs);
      // Until what the exporter says now, and not what was held, has been told on.
      const backMs = Date.now();
      await untilTrue(
        "the page to outlast `for` and keep_firing_for",
        async () => {
          const [span] = await spansSince(stage, firingOf(PAGE), backMs);
          return span !== undefined && span.toSeconds - span.fromSeconds > FOR_SECONDS + FIVE_MINUTES_SECONDS;
        },
        60_000,
      );
      await expectUnbroken(stage, PAGE, sinceMs);
      const tickets = told(stage, "DataStale").filter(({ atMs }) => atMs >= sinceMs);
      // Alertmanager lists the end of what was silenced beside other alerts of the account.
      expect(tickets.filter(({ status }) => status === "firing")).toEqual([]);
    });

    test("too small a budget and a rejected configuration are tickets until a good one is loaded", async () => {
      const sinceMs = Date.now();
      await stage.reloadExporter(tooOften);
      await untilTrue("the new interval", async () => {
        const configured = "min(cloudflare_interconnect_exporter_poll_interval_configured_seconds)";
        return (await stage.prometheus.query(`${configured} == 1`)).length > 0;
      });
      await stage.reloadExporter(() => ({ accounts: "none" }));
      const rejected = await untilTold(stage, "firing", "ReloadFailed", {}, sinceMs);
      expect(rejected).toMatchObject({ path: "/tickets", labels: { severity: "warning" } });
      const stretched = await untilTold(
        stage,
        "firing",
        "BudgetStretched",
        { account: "production" },
        sinceMs,
      );
      expect(stretched).toMatchObject({ path: "/tickets", labels: { severity: "warning" } });
      await expectTable(stage.prometheus, RULES_MISCONFIGURED, rules);
      await stage.reloadExporter((config) => config);
      await untilTold(stage, "resolved", "ReloadFailed", {}, sinceMs);
      await untilTold(stage, "resolved", "BudgetStretched", { account: "production" }, sinceMs);
      await expectUnbroken(stage, PAGE, sinceMs);
    });
  });
}

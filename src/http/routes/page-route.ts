import type { FastifyInstance } from "fastify";
import { formatDuration } from "../../base/duration.ts";
import type { Entry } from "../../domain/entry.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { Site } from "../site.ts";
import { html, type Html } from "./html.ts";
import type { HttpPorts } from "../http-ports.ts";

/** `/`: the page for people. */
export function addPageRoute(app: FastifyInstance, ports: HttpPorts, { linkPrefix }: Site): void {
  app.get("/", async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(renderPage(ports.read(), { ...ports, linkPrefix })),
  );
}

interface PageOptions {
  readonly version: string;
  readonly telemetryPath: string;
  readonly whyNotReady: () => string | undefined;
  /** Before every path: where a reverse proxy shows the page. */
  readonly linkPrefix: string;
}

/** Name, version, links and a table of states. */
export function renderPage(
  { state, now }: Snapshot,
  { version, telemetryPath, whyNotReady, linkPrefix }: PageOptions,
): string {
  const rows = state.entries.map((entry) => renderRow(entry, now.monoMs));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Cloudflare Interconnect Exporter</title>
      </head>
      <body>
        <h1>Cloudflare Interconnect Exporter</h1>
        <p>Version ${version}</p>
        ${notReady(whyNotReady())}
        <ul>
          <li><a href="${linkPrefix}${telemetryPath}">Metrics</a></li>
          <li><a href="${linkPrefix}/api/v1/interconnects">Interconnects as JSON</a></li>
          <li><a href="${linkPrefix}/sd">Targets for Prometheus</a></li>
          <li><a href="${linkPrefix}/config">Configuration in effect</a></li>
          <li><a href="${linkPrefix}/-/healthy">Healthy</a></li>
          <li><a href="${linkPrefix}/-/ready">Ready</a></li>
        </ul>
        <table>
          <caption>
            ${state.entries.length} interconnects, states as last read from the API by the exporter's own
            polls
          </caption>
          <thead>
            <tr>
              <th>Account</th>
              <th>Interconnect</th>
              <th>State</th>
              <th>Reason</th>
              <th>Since</th>
              <th>Last answer</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </body>
    </html> `.toString();
}

function notReady(why: string | undefined): readonly Html[] {
  return why === undefined ? [] : [html`<p>Not ready: ${why}</p> `];
}

function renderRow({ target, state, reason, since, lastSuccess, failure }: Entry, nowMonoMs: number): Html {
  const age = lastSuccess === undefined ? "never" : `${ago(nowMonoMs - lastSuccess.monoMs)} ago`;
  const answer = failure === undefined ? age : `${age}; the last poll failed: ${failure.message}`;
  return html`<tr>
    <td>${target.account}</td>
    <td>${target.interconnect}</td>
    <td>${state}</td>
    <td>${reason.text}</td>
    <td>${new Date(since.unixMs).toISOString()}</td>
    <td>${answer}</td>
  </tr> `;
}

/** A duration to the second. */
function ago(ms: number): string {
  return formatDuration(Math.max(0, Math.round(ms / 1000)) * 1000);
}

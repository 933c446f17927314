import type { State } from "../../domain/link-state.ts";
import { assetLink } from "./assets.ts";
import { html, type Html } from "./html.ts";
import { shapeDefinitions } from "./shape.ts";

export interface FrameOptions {
  readonly version: string;
  readonly telemetryPath: string;
  /** Before every path: where a reverse proxy shows the page. */
  readonly linkPrefix: string;
}

interface Page {
  readonly title: string;
  /** The worst state that the page tells of, for the icon of the browser's tab; undefined where it tells of none. */
  readonly worst: State | undefined;
  /** Class of the whole: `wall`, `circuit`, `runbook`, `tv`. */
  readonly kind: string;
  /** Without script the browser asks again after so many seconds, with it is told; undefined for what does not change. */
  readonly refreshSeconds?: number;
  /** The row of the one circuit that it is about. */
  readonly circuit?: string;
  readonly header: Html;
  readonly main: Html;
}

/** A whole page: complete without script, its style sheet, script and icon from here. */
export function framed(
  { title, worst, kind, refreshSeconds, circuit, header, main }: Page,
  options: FrameOptions,
): string {
  const { linkPrefix } = options;
  const refresh =
    refreshSeconds === undefined
      ? undefined
      : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}" /></noscript>
          <script src="${linkPrefix}${assetLink("live.js")}" defer></script>`;
  const about = circuit === undefined ? undefined : html` data-circuit="${circuit}"`;
  return html`<!doctype html>
    <html lang="en" class="${kind}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${refresh}
        <title>${title}</title>
        <link rel="stylesheet" href="${linkPrefix}${assetLink("style.css")}" />
        ${iconLink(worst, linkPrefix)}
      </head>
      <body>
        ${shapeDefinitions()}
        <header id="head">${header}</header>
        <main id="main" ${about}>${main}</main>
        <footer>
          <nav aria-label="More">${footerLinks(options)}</nav>
          <p>
            cloudflare-interconnect-exporter ${options.version}. States are as last read from Cloudflare’s
            API. Healthy is light and Ethernet at Cloudflare’s port: not BGP, not traffic.
          </p>
        </footer>
      </body>
    </html> `.toString();
}

function iconLink(worst: State | undefined, linkPrefix: string): Html {
  return html`<link
    rel="icon"
    type="image/svg+xml"
    href="${linkPrefix}${assetLink(`${worst ?? "page"}.svg`)}"
  />`;
}

function footerLinks({ linkPrefix, telemetryPath }: FrameOptions): readonly Html[] {
  const links: readonly (readonly [path: string, text: string])[] = [
    ["/", "Wall"],
    ["/?tv", "Wall screen"],
    ["/runbooks/", "Runbooks"],
    [telemetryPath, "Metrics"],
    ["/api/v1/interconnects", "JSON"],
    ["/sd", "Targets for Prometheus"],
    ["/config", "Configuration"],
    ["/-/healthy", "Health"],
    ["/-/ready", "Readiness"],
  ];
  return links.map(([path, text]) => html`<a href="${linkPrefix}${path}">${text}</a> `);
}

import { Marked } from "marked";
import { framed, type FrameOptions } from "./frame.ts";
import { html, Html } from "./html.ts";
import { runbookLink } from "./links.ts";

/** Runbooks name each other so. */
const NAMES = /<[^>]*>|\b(?:CloudflareInterconnect[A-Za-z]+|reason-\w+)\b/g;

const marked = new Marked({
  renderer: {
    // Markdown lets HTML through; ours has none, and none is to come in by it.
    html: ({ text }) => html`${text}`.toString(),
    image: ({ text }) => html`${text}`.toString(),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      return /^https?:/.test(href) ? html`<a href="${href}">${new Html(text)}</a>`.toString() : text;
    },
  },
});

/** A runbook as a page, with links to those that it names. */
export function runbookPage(
  name: string,
  { runbooks, ...options }: FrameOptions & { readonly runbooks: ReadonlyMap<string, string> },
): string | undefined {
  const markdown = runbooks.get(name);
  if (markdown === undefined) return undefined;
  const body = marked
    .parse(markdown, { async: false })
    .replaceAll(NAMES, (found) =>
      found !== name && runbooks.has(found)
        ? html`<a href="${runbookLink(options, found)}">${found}</a>`.toString()
        : found,
    );
  const header = html`<p>
    <a href="${options.linkPrefix}/">Wall</a> · <a href="${options.linkPrefix}/runbooks/">Runbooks</a>
  </p>`;
  const main = html`<article>${new Html(body)}</article>`;
  return framed({ title: `${name} · Runbook`, worst: undefined, kind: "runbook", header, main }, options);
}

/** All of them. */
export function runbooksPage(runbooks: ReadonlyMap<string, string>, options: FrameOptions): string {
  const names = [...runbooks.keys()];
  const list = (reasons: boolean): readonly Html[] =>
    names
      .filter((name) => name.startsWith("reason-") === reasons)
      .map((name) => html`<li><a href="${runbookLink(options, name)}">${name}</a></li> `);
  const main =
    names.length === 0
      ? html`<p class="empty">
          This installation has no runbooks: the folder docs/runbooks was left out of it.
        </p>`
      : html`<h2>By alert</h2>
          <ul>
            ${list(false)}
          </ul>
          <h2>By class of reason</h2>
          <ul>
            ${list(true)}
          </ul>`;
  const header = html`<p><a href="${options.linkPrefix}/">Wall</a></p>
    <h1>Runbooks</h1>`;
  return framed({ title: "Runbooks", worst: undefined, kind: "runbook", header, main }, options);
}

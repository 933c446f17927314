import { expect, test } from "vitest";
import { readRunbooks } from "../../../src/cli/read-runbooks.ts";
import { httpSubject } from "../../helpers/http-subject.ts";

const runbooks = readRunbooks("docs/runbooks");

test("every runbook of docs/runbooks is served as a page, with links to those that it names", async () => {
  await using it = httpSubject({ runbooks });
  expect(runbooks.size).toBeGreaterThan(25);
  const index = (await it.app.inject("/runbooks/")).body;
  for (const [name, markdown] of runbooks) {
    expect(index).toContain(`href="/runbooks/${name}"`);
    const { statusCode, headers, body } = await it.app.inject(`/runbooks/${name}`);
    expect([statusCode, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(body).toContain(`<title>${name} · Runbook</title>`);
    expect(body).toMatch(/<article><h1>(?:CloudflareInterconnect\w+|Reason class .*|No reason.*)<\/h1>/);
    expect(body.match(/<h2>/g)).toHaveLength(markdown.match(/^## /gm)?.length ?? 0);
    for (const [, linked = ""] of body.matchAll(/href="\/runbooks\/([^"]+)"/g))
      expect([...runbooks.keys()]).toContain(linked);
  }
  const stale = (await it.app.inject("/runbooks/CloudflareInterconnectDataStale")).body;
  expect(stale).toContain(
    '<td><a href="/runbooks/CloudflareInterconnectAuthFailing">CloudflareInterconnectAuthFailing</a></td>',
  );
});

test("a runbook lets no HTML and no address but http through", async () => {
  const hostile =
    "# x\n\n<script>a</script>\n\n<b>inline</b> [a](javascript:b) ![c](https://d.example/e.png) [f](https://g.example)";
  await using it = httpSubject({ runbooks: new Map([["x", hostile]]) });
  const { body } = await it.app.inject("/runbooks/x");
  const article = body.slice(body.indexOf("<article>"), body.indexOf("</article>"));
  expect(article.match(/<[a-z]\w*/g)).toEqual(["<article", "<h1", "<p", "<a"]);
  expect(article).toContain('<a href="https://g.example">f</a>');
  expect(article).not.toContain("javascript:");
});

test("a runbook that there is not is a 404, and so is a path out of the folder", async () => {
  await using it = httpSubject({ runbooks });
  for (const name of ["Nothing", "..%2fhttp", "CloudflareInterconnectDown.md", "__proto__"]) {
    expect((await it.app.inject(`/runbooks/${name}`)).statusCode).toBe(404);
  }
});

test("an installation without runbooks says so", async () => {
  expect(readRunbooks("/nowhere").size).toBe(0);
  await using it = httpSubject();
  expect((await it.app.inject("/runbooks/")).body).toContain("This installation has no runbooks");
});

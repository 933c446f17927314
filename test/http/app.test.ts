import { expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { UsageError } from "../../src/cli/flag-values.ts";
import { httpSubject, type HttpSubject } from "../helpers/http-subject.ts";

interface Subject extends HttpSubject {
  /** `handler code count` of each observation that counts something. */
  readonly counted: readonly string[];
  /** Handlers that were made known before any request. */
  readonly known: readonly string[];
}

function subject(): Subject {
  const counted: string[] = [];
  const known: string[] = [];
  const it = httpSubject({
    whyNotReady: () => "not yet",
    observe(handler, code, count) {
      if (count === 0) known.push(handler);
      else counted.push(`${handler} ${code} ${count}`);
    },
  });
  return { ...it, counted, known };
}

test("requests are counted by the pattern of their route, the rest under one name", async () => {
  await using it = subject();
  for (const url of ["/metrics?name[]=x", "/metrics", "/-/ready", "/nothing/1", "/nothing/2", "/%zz"])
    await it.app.inject(url);
  expect(it.counted.toSorted()).toEqual(
    [
      "/metrics 200 1",
      "/metrics 200 1",
      "/-/ready 503 1",
      "unmatched 404 1",
      "unmatched 404 1",
      "unmatched 400 1",
    ].toSorted(),
  );
});

test("every route is known before its first request, and none of them can be the path of the metrics", async () => {
  await using it = subject();
  await it.app.ready();
  expect(it.known).toEqual(expect.arrayContaining(["/metrics", "/", "/-/healthy", "/-/ready"]));
  for (const path of new Set(it.known)) {
    if (path === "/metrics") continue;
    expect(() => parseCommandLine([`--web.telemetry-path=${path}`])).toThrow(UsageError);
  }
});

import type { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { type ExporterState, reduce } from "../../../src/domain/state.ts";
import { createEventStreams } from "../../../src/http/routes/event-streams.ts";

import { answer, buildPlan, buildTarget, instant, planned, replay } from "../../helpers/entry-builder.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { httpSubject } from "../../helpers/http-subject.ts";
import { startWebSubject } from "../../helpers/web-subject.ts";

const CIRCUIT = buildTarget("icon-ewr-01");

interface Cell {
  state: ExporterState;
}

function cellOf(): Cell {
  const events = [planned(buildPlan([CIRCUIT])), answer(instant(1), "Healthy", undefined, CIRCUIT.key)];
  return { state: replay(events) };
}

function collect(stream: Readable): { text: string } {
  const read = { text: "" };
  stream.on("data", (chunk) => {
    read.text += String(chunk);
  });
  return read;
}

test("/events is a stream that no proxy holds back, and tells what changed as one line of JSON", async () => {
  const clock = new FakeClock();
  const cell = cellOf();
  await using it = httpSubject({ read: () => ({ state: cell.state, now: instant(5000) }) }, { clock });
  const response = await it.app.inject({ url: "/events", payloadAsStream: true });
  expect([response.statusCode, response.headers]).toMatchObject([
    200,
    {
      "content-type": expect.stringMatching(/^text\/event-stream/),
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    },
  ]);
  const read = collect(response.stream());
  await clock.advance(1000);
  expect(read.text).toBe(": connected\n\n");
  cell.state = reduce(cell.state, answer(instant(4000), "Down", "No\nlight", CIRCUIT.key));
  await clock.advance(1000);
  const [, data = ""] = /\n\nevent: change\ndata: (.*)\n\n$/.exec(read.text) ?? [];
  expect(JSON.parse(data)).toMatchObject({
    all: false,
    moved: [{ account: "production", states: ["Healthy", "Down"] }],
    spreadMs: 10,
  });
  await clock.advance(598_000);
  expect(response.stream().readableEnded).toBe(true);
});

test("streams take no slot of --web.max-requests, and are turned away beyond a bound of their own", async () => {
  const clock = new FakeClock();
  const streams = createEventStreams({ most: 2, watch: () => () => undefined, clock });
  await using it = httpSubject({}, { clock, maxRequests: 1, streams });
  const open = await Promise.all([1, 2].map(() => it.app.inject({ url: "/events", payloadAsStream: true })));
  const refused = await it.app.inject("/events");
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([503, "15"]);
  expect(refused.body).toMatch(/^2 pages are kept up to date already/);
  expect((await it.app.inject("/metrics")).statusCode).toBe(200);
  // Longer than an answer may take to be read.
  await clock.advance(60_000);
  expect(open.map((response) => response.stream().destroyed)).toEqual([false, false]);
  streams.close();
});

test("/events is of GET alone", async () => {
  await using it = httpSubject();
  expect((await it.app.inject({ url: "/events", method: "HEAD" })).statusCode).toBe(405);
});

describe("behind its listeners", () => {
  const ports = { read: () => ({ state: cellOf().state, now: instant(5000) }) };

  test("streams are half of the connections at most, so that a scrape and a health check get in", async () => {
    const quit = new AbortController();
    await using server = await startWebSubject({}, ports, { mostClients: 8 });
    const origin = `http://127.0.0.1:${server.port}`;
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      statuses.push((await fetch(`${origin}/events`, { signal: quit.signal })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 503, 503]);
    for (const path of ["/metrics", "/-/healthy"]) expect((await fetch(origin + path)).status).toBe(200);
    quit.abort();
  });

  test("streams end first when the server closes, and nobody waits for them", async () => {
    // A clock that stands still: what is left after the time to drain would be left for ever.
    const server = await startWebSubject({}, ports, { clock: new FakeClock() });
    const response = await fetch(`http://127.0.0.1:${server.port}/events`);
    const reading = response.text();
    await server[Symbol.asyncDispose]();
    expect(await reading).toBe(": connected\n\n");
  });
});

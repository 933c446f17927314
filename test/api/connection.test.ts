import { createServer } from "node:http";
import { once } from "node:events";
import type { LookupFunction, Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { makeCertificates } from "../helpers/server-certificates.ts";
import { failureOf, HEALTHY, subject } from "../helpers/client-subject.ts";
import { httpText, startRawServer } from "../helpers/raw-server.ts";

const certificates = await makeCertificates();
const { ca } = certificates;
const DOWN = httpText(200, '{"state":"Down"}');
const CHUNKED = "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n";
const PIECES = '10\r\n{"state":"Down"}\r\n0\r\n\r\n';

afterEach(() => vi.useRealTimers());

describe.each([
  ["plain TCP", undefined],
  ["TLS", certificates.good],
])("over %s, other polls neither fail nor show what follows", (_name, identity) => {
  test.each([
    ["a 204 with a whole answer behind it", "HTTP/1.1 204 X\r\n\r\n", DOWN],
    ["a 204 with a body", "HTTP/1.1 204 X\r\n\r\n", '{"state":"Down"}'],
    ["a 304 with a whole answer behind it", "HTTP/1.1 304 X\r\n\r\n", DOWN],
    ["a 304 with the length of what is not sent", "HTTP/1.1 304 X\r\ncontent-length: 16\r\n\r\n", DOWN],
    ["a 205 with a whole answer behind it", "HTTP/1.1 205 X\r\ncontent-length: 0\r\n\r\n", DOWN],
    ["a length that is short", 'HTTP/1.1 200 X\r\ncontent-length: 5\r\n\r\n{"sta', 'te":"Down"}'],
    ["bytes that are no answer", DOWN, "\r\n\r\nleft over"],
    ["a status line that is broken", DOWN, "HTTP/1.1 2x0 X\r\n\r\n"],
    ["a 100 that comes too late", DOWN, "HTTP/1.1 100 X\r\n\r\n"],
    ["a 101 that comes too late", DOWN, "HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"],
    ["two lengths", `${CHUNKED}content-length: 16\r\n\r\n`, `${PIECES}${DOWN}`],
    ["an early hint before two answers", `HTTP/1.1 103 X\r\n\r\n${DOWN}`, DOWN],
    ["two answers, the second with the next", DOWN, DOWN],
    ["two answers in one piece", DOWN + DOWN, ""],
    ["two answers in chunks, in one piece", `${CHUNKED}\r\n${PIECES}${DOWN}`, ""],
  ])("%s", async (_what, first, second) => {
    const behind = new Map<Socket, string>();
    await using server = await startRawServer((socket, head) => {
      // What was left over comes when the next request is there, as it does under load.
      const leftover = behind.get(socket) ?? "";
      behind.delete(socket);
      if (head.includes("odd-")) {
        behind.set(socket, second);
        socket.write(leftover + first);
      } else socket.write(leftover + HEALTHY);
    }, identity);
    await using it = subject(server.url, 4, { ca });
    const names = Array.from({ length: 60 }, (_unused, nth) => `${nth % 10 === 7 ? "odd" : "good"}-${nth}`);
    const polls = names.map(async (name) => ({ name, answer: await settled(it.get(undefined, name)) }));
    const answers = (await Promise.all(polls)).filter(({ name }) => name.startsWith("good"));
    expect(answers.filter(({ answer }) => answer !== "Healthy")).toEqual([]);
  });
});

async function settled(answer: Promise<{ readonly word: string }>): Promise<unknown> {
  return answer.then(
    ({ word }) => word,
    (error: unknown) => error,
  );
}

test("a name that moves is followed within two minutes, however busy its connections are", async () => {
  await using old = await startRawServer((socket) => socket.write(HEALTHY));
  const port = Number(new URL(old.url).port);
  const moved = createServer((_request, response) => response.end('{"state":"Down"}'));
  moved.listen(port, "127.0.0.2");
  await once(moved, "listening");
  let address = "127.0.0.1";
  const lookup: LookupFunction = (_host, _options, callback) => callback(null, [{ address, family: 4 }]);
  await using it = subject(`http://api.test.invalid:${port}`, 3, { lookup });
  async function pollFor(seconds: number): Promise<ReadonlySet<string>> {
    const words = new Set<string>();
    for (let second = 0; second < seconds; second += 2) {
      for (const { word } of await Promise.all([it.get(), it.get(), it.get()])) words.add(word);
      await it.clock.advance(2000);
    }
    return words;
  }
  expect(await pollFor(60)).toEqual(new Set(["Healthy"]));
  expect(old.accepted()).toBe(3);
  address = "127.0.0.2";
  await pollFor(118);
  const asked = old.requests.length;
  expect(await pollFor(120)).toEqual(new Set(["Down"]));
  expect(old.requests).toHaveLength(asked);
  await it[Symbol.asyncDispose]();
  moved.closeAllConnections();
  moved.close();
});

test("three answers of HTTP 5xx in a row end a connection, two and one between do not", async () => {
  const statuses = [503, 503, 200, 500, 502, 504, 200];
  await using server = await startRawServer((socket) =>
    socket.write(httpText(statuses.shift() ?? 200, '{"state":"Healthy"}')),
  );
  await using it = subject(server.url, 1);
  const accepted: number[] = [];
  while (statuses.length > 0) {
    await settled(it.get());
    accepted.push(server.accepted());
  }
  expect(accepted).toEqual([1, 1, 1, 1, 1, 1, 2]);
});

test("a request asks for a body as it is, and one that is encoded all the same is no answer", async () => {
  const encoded = httpText(200, '{"state":"Healthy"}', { "content-encoding": "gzip" });
  await using server = await startRawServer((socket) => socket.write(encoded));
  await using it = subject(server.url);
  const error = await failureOf(it.get());
  expect(error).toMatchObject({ kind: "invalid_response", retryable: false });
  expect(error.message).toContain('got one with Content-Encoding "gzip", which was not asked for');
  expect(server.requests[0]?.toLowerCase()).toContain("\r\naccept-encoding: identity\r\n");
});

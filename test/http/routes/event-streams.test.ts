import type { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createEventStreams, type EventStreams } from "../../../src/http/routes/event-streams.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";

let clock: FakeClock;
/** What is told at the next look. */
let news: string[];
let looks: number[];
let streams: EventStreams;

beforeEach(() => {
  clock = new FakeClock();
  news = [];
  looks = [];
  const watch = () => (count: number) => {
    looks.push(count);
    return news.shift();
  };
  streams = createEventStreams({ most: 3, watch, clock });
});

afterEach(async () => {
  streams.close();
  await clock.advance(0);
});

interface Reader {
  readonly readable: Readable;
  text: string;
  isEnded: boolean;
}

function openStream(): Readable {
  const readable = streams.open();
  if (readable === undefined) throw new Error("Expected room for a stream");
  return readable;
}

function read(): Reader {
  const readable = openStream();
  const reader: Reader = { readable, text: "", isEnded: false };
  readable.on("data", (chunk) => {
    reader.text += String(chunk);
  });
  readable.on("end", () => {
    reader.isEnded = true;
  });
  return reader;
}

test("a stream says at once that it is connected, and then what changed, once a second at most", async () => {
  const reader = read();
  await clock.advance(999);
  expect(reader.text).toBe(": connected\n\n");
  news = ["1", "2"];
  await clock.advance(1);
  expect(reader.text).toBe(": connected\n\nevent: change\ndata: 1\n\n");
  await clock.advance(999);
  expect(reader.text).not.toContain("data: 2");
  await clock.advance(1);
  expect(reader.text).toContain("event: change\ndata: 2\n\n");
});

test("what changed is looked for once for all streams, and never without any", async () => {
  await clock.advance(5000);
  expect(clock.sleeping).toBe(0);
  const [one, two] = [read(), read()];
  news = ["x"];
  await clock.advance(1000);
  expect(looks).toEqual([2]);
  expect(one.text).toBe(two.text);
  one.readable.destroy();
  two.readable.destroy();
  await clock.advance(5000);
  expect(looks).toEqual([2]);
  expect(clock.sleeping).toBe(0);
  const again = read();
  news = ["y"];
  await clock.advance(1000);
  expect(again.text).toContain("data: y\n");
});

test("a stream with nothing to say beats every 15 seconds", async () => {
  const reader = read();
  await clock.advance(14_000);
  expect(reader.text).toBe(": connected\n\n");
  await clock.advance(1000);
  expect(reader.text).toBe(": connected\n\nevent: beat\ndata:\n\n");
  news = ["x"];
  await clock.advance(15_000);
  expect(reader.text.split("event: beat")).toHaveLength(2);
  await clock.advance(1000);
  expect(reader.text.split("event: beat")).toHaveLength(3);
});

test("a stream lives for 10 minutes", async () => {
  const reader = read();
  await clock.advance(599_000);
  expect(reader.isEnded).toBe(false);
  await clock.advance(1000);
  expect(reader.isEnded).toBe(true);
});

test("there are as many as there may be, and each that goes makes room", async () => {
  const [first] = [read(), read(), read()];
  expect(streams.open()).toBeUndefined();
  first.readable.destroy();
  await clock.settle();
  expect(streams.open()).toBeDefined();
  expect(streams.open()).toBeUndefined();
});

test("who stops reading is cut off by what is left unread, and the others read on", async () => {
  const [reader, deaf] = [read(), openStream()];
  const seen: number[] = [];
  for (let count = 0; count < 20; count += 1) {
    news = ["x".repeat(10_000)];
    await clock.advance(1000);
    seen.push(deaf.readableLength);
  }
  expect(deaf.destroyed).toBe(true);
  expect(Math.max(...seen)).toBeLessThan(80_000);
  expect(looks.at(-1)).toBe(1);
  expect(reader.text.split("event: change")).toHaveLength(21);
});

test("closing ends all of them at once, those that do not read too, and opens no more", async () => {
  const [reader, deaf] = [read(), openStream()];
  await clock.settle();
  streams.close();
  await clock.settle();
  expect([reader.isEnded, deaf.destroyed]).toEqual([true, true]);
  expect(clock.sleeping).toBe(0);
  expect(streams.open()).toBeUndefined();
});

import { Pool } from "undici";
import { expect, test, vi } from "vitest";
import { type Answer, exchange } from "../../src/api/exchange.ts";
import { noSignal } from "../helpers/client-subject.ts";
import { startRawServer } from "../helpers/raw-server.ts";

const MAX_BYTES = 5;
/** The ones of "ä€", each byte in a chunk of its own. */
const IN_PIECES = ["\xc3", "\xa4", "\xe2", "\x82", "\xac"].map((byte) => `1\r\n${byte}\r\n`).join("");

/** What becomes of an answer that is these bytes, and then perhaps the end of the connection. */
async function answerTo(bytes: string, then: "stay" | "leave" = "stay"): Promise<Answer> {
  await using server = await startRawServer((socket) => {
    socket.write(bytes, "latin1");
    if (then === "leave") socket.end();
  });
  const pool = new Pool(server.url);
  const answer = await exchange(pool, { path: "/", headers: {}, maxBytesOf: () => MAX_BYTES }, noSignal);
  if (answer.body.end !== "whole") await vi.waitUntil(() => server.open() === 0);
  await pool.destroy();
  return answer;
}

test("exchange() joins characters that were cut between chunks", async () => {
  const head = "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n";
  expect(await answerTo(`${head}${IN_PIECES}0\r\n\r\n`)).toMatchObject({
    status: 200,
    text: "ä€",
    body: { end: "whole" },
  });
});

test("exchange() gives up a body that is too long, with its connection, and keeps what fits", async () => {
  expect(await answerTo("HTTP/1.1 200 X\r\ncontent-length: 99\r\n\r\nabcdef")).toMatchObject({
    text: "abcde",
    body: { end: "too-long" },
  });
});

test("exchange() keeps what came before the body broke", async () => {
  expect(await answerTo("HTTP/1.1 500 X\r\ncontent-length: 4\r\n\r\nabc", "leave")).toMatchObject({
    status: 500,
    text: "abc",
    body: { end: "broken", error: { code: "UND_ERR_SOCKET" } },
  });
});

test("exchange() takes no early hint for the answer", async () => {
  const hints = "HTTP/1.1 103 X\r\nlink: </style.css>\r\n\r\n";
  expect(await answerTo(`${hints}HTTP/1.1 200 X\r\ncontent-length: 2\r\n\r\nok`)).toMatchObject({
    status: 200,
  });
  await expect(answerTo(hints, "leave")).rejects.toMatchObject({ code: "UND_ERR_SOCKET" });
});

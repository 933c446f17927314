#!/usr/bin/node
// What the test of the units asks of the exporter, from inside: there is no curl, and Node is there.
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const ORIGIN = "http://127.0.0.1:13335";

/** The status and the body, on a connection of its own as every new scraper makes one. Rejects as the socket does. */
function get(url) {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, timeout: 20_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode, body }));
      response.on("error", reject);
    })
      .on("error", reject)
      .end();
  });
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

const ASK = {
  /** Prints the lines of the metrics that have `part` in them; 1 when there are none. */
  async metrics(part) {
    const { body } = await get(`${ORIGIN}/metrics`);
    const lines = body.split("\n").filter((line) => !line.startsWith("#") && line.includes(part));
    print(lines.join("\n"));
    return lines.length > 0;
  },

  /** Asks `count` times, one every 10 ms whatever the answers, and prints how many were answered with 200, and what else came. */
  async many(count) {
    const answers = [];
    for (let index = 0; index < Number(count); index += 1) {
      answers.push(
        get(`${ORIGIN}/metrics`).then(
          ({ status }) => String(status),
          (error) => error.code ?? String(error),
        ),
      );
      await sleep(10);
    }
    const counts = Map.groupBy(await Promise.all(answers), (answer) => answer);
    print(JSON.stringify(Object.fromEntries([...counts].map(([answer, all]) => [answer, all.length]))));
    return true;
  },

  /** Evaluates `expression` in the process `pid`, by the inspector that every Node opens at SIGUSR1. */
  async evaluate(pid, expression) {
    process.kill(Number(pid), "SIGUSR1");
    let url;
    while (url === undefined) {
      url = await get("http://127.0.0.1:9229/json").then(
        ({ body }) => JSON.parse(body)[0].webSocketDebuggerUrl,
        () => sleep(100),
      );
    }
    const socket = new WebSocket(url);
    await new Promise((resolve) => {
      socket.addEventListener("open", resolve);
    });
    socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } }));
    // What it says of an endless loop never comes.
    await Promise.race([new Promise((resolve) => socket.addEventListener("message", resolve)), sleep(1000)]);
    return true;
  },
};

const [what, ...rest] = process.argv.slice(2);
process.exit((await ASK[what](...rest)) ? 0 : 1);

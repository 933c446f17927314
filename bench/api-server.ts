/** A server that speaks the status call and nothing else, as a process of its own: `node bench/api-server.ts LATENCY_MS`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const latencyMs = Number(process.argv[2]);
const body = JSON.stringify({ state: "Healthy" });
let connections = 0;
let most = 0;

const server = createServer((request, response) => {
  if (request.url === "/connections") {
    response.end(String(most));
    return;
  }
  void sleep(latencyMs).then(() => {
    response.setHeader("content-type", "application/json");
    response.setHeader("cf-ray", "8a1b2c3d4e5f6789-SIM");
    response.end(body);
  });
});
server.keepAliveTimeout = 60_000;
server.on("connection", (socket) => {
  connections += 1;
  most = Math.max(most, connections);
  socket.on("close", () => {
    connections -= 1;
  });
});
server.listen(0, "127.0.0.1", () => {
  // An HTTP server that listens on a port has an address of this kind.
  process.send?.((server.address() as AddressInfo).port);
});

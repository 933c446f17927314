/** Opens as many streams as told, reads them or not, and says `open` when all of them are. */
import { connect } from "node:net";

const [port = 0, count = 0, reads = 1] = process.argv.slice(2).map(Number);

async function open(): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  const head = await new Promise<string>((resolve) => {
    socket.once("data", (data) => resolve(String(data)));
  });
  if (!head.startsWith("HTTP/1.1 200")) throw new Error(`Expected a stream, got ${head}`);
  if (reads === 1) socket.resume();
  else socket.pause();
}

for (let nth = 0; nth < count; nth += 1) await open();
// Sockets that are not read keep no process running, but its channel does.
process.on("message", () => undefined);
process.send?.("open");

// Stands in for a pager, a ticket system and a chat: prints what Alertmanager would send them, a line for each alert.
import { createServer } from "node:http";

const port = process.argv[2] ?? 8080;
createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    if (request.method === "POST") {
      for (const { status, labels, annotations } of JSON.parse(body).alerts)
        console.log(request.url, status, labels.alertname, JSON.stringify({ ...labels, ...annotations }));
    }
    response.end("ok");
  });
}).listen(port);

import { createServer } from "node:net";

// As a process of its own, since it is stopped by a signal: a socket whose backlog is soon full.
const [, , path] = process.argv;
createServer().listen({ path, backlog: 1 }, () => process.send?.("listening"));

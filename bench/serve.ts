import { createServer, type RequestListener } from "node:http";

/** A plain server on a free port of loopback. */
export async function serve(listener: RequestListener): Promise<number> {
  const server = createServer({ keepAliveTimeout: 75_000 }, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("Expected a port");
  return address.port;
}

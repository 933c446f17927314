/** A bare Fastify with prom-client's default metrics and no rows: the least that an exporter of its kind is. */
import fastify from "fastify";
import { collectDefaultMetrics, Registry } from "prom-client";

const registry = new Registry();
collectDefaultMetrics({ register: registry });
const app = fastify();
app.get("/metrics", async (_request, reply) =>
  reply.type(registry.contentType).send(await registry.metrics()),
);
await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });

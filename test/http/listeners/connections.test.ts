import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { Agent as PlainAgent, get as getPlain, type IncomingMessage } from "node:http";
import { Agent, get } from "node:https";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { createCertificates } from "../../helpers/certificates.ts";
import { startWebSubject, type WebSubject } from "../../helpers/web-subject.ts";

const MOST = 8;

/** So many clients that never say a word, on both addresses. */
function crowd({ addresses }: WebSubject, count: number): readonly Socket[] {
  return Array.from({ length: count }, (_, index) => {
    const port = Number(addresses[index % addresses.length]?.split(":").at(-1));
    return connect(port, "127.0.0.1")
      .on("error", () => undefined)
      .resume();
  });
}

describe.each(["http", "https"] as const)("over %s", (scheme) => {
  test("more idle clients than there is room for leave a scraper its connection, and a probe gets its answer", async () => {
    await using files = await createCertificates();
    await files.selfSigned("server");
    const configFile = files.pathOf("web.yml");
    await writeFile(configFile, "tls_server_config: { cert_file: server.crt, key_file: server.key }\n");
    let dropped = 0;
    const host = "127.0.0.1";
    await using server = await startWebSubject(
      {
        addresses: [
          { host, port: 0 },
          { host, port: 0 },
        ],
        configFile: scheme === "https" ? configFile : undefined,
      },
      {
        connectionDropped() {
          dropped += 1;
        },
      },
      { mostClients: MOST },
    );
    const agent =
      scheme === "https"
        ? new Agent({ keepAlive: true, rejectUnauthorized: false })
        : new PlainAgent({ keepAlive: true });
    const ask = async (path: string, own?: Agent): Promise<readonly [number | undefined, unknown]> => {
      const options = { host, port: server.port, path, agent: own ?? agent, rejectUnauthorized: false };
      const [response]: IncomingMessage[] = await once(
        (scheme === "https" ? get : getPlain)(options as object),
        "response",
      );
      const socket = response?.socket;
      if (response !== undefined) await text(response);
      return [response?.statusCode, socket];
    };
    const [, scraper] = await ask("/metrics");
    const sockets = crowd(server, 50);
    await expect.poll(() => dropped).toBe(50 + 1 - MOST);
    await expect.poll(() => sockets.filter(({ closed }) => closed).length).toBe(50 + 1 - MOST);
    const own = new (scheme === "https" ? Agent : PlainAgent)() as Agent;
    expect((await ask("/-/healthy", own))[0]).toBe(200);
    expect(await ask("/metrics")).toEqual([200, scraper]);
    const warnings = server.log.lines.filter(({ level }) => level === "warn");
    expect(warnings.map(({ fields }) => fields)).toEqual([{ most: MOST }]);
    agent.destroy();
    for (const socket of sockets) socket.destroy();
  });
});

import { Agent, get } from "node:http";
import { type Format, FORMATS } from "../src/metrics/exposition.ts";

export interface ScrapeOptions {
  readonly format: Format;
  readonly encoding: "identity" | "gzip";
}

interface Answer {
  readonly latencyMs: number;
  readonly bytes: number;
}

/** One connection that is kept open, as a scraper's. */
export interface Load extends Disposable {
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly scrape: (options: ScrapeOptions) => Promise<Answer>;
}

export function openLoad(port: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  async function timed(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const startMs = performance.now();
    return new Promise((resolve, reject) => {
      get({ host: "127.0.0.1", port, path, headers, agent }, (response) => {
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
        });
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode === 200) resolve({ latencyMs: performance.now() - startMs, bytes });
          else reject(new Error(`Expected 200 from ${path}, got ${response.statusCode}`));
        });
      }).on("error", reject);
    });
  }
  return {
    get: timed,
    scrape: ({ format, encoding }) =>
      timed("/metrics", { accept: FORMATS[format].split("; charset")[0] ?? "", "accept-encoding": encoding }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

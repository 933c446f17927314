import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { describe, expect, test } from "vitest";
import { addLifecycleRoute } from "../../src/http/lifecycle-route.ts";

function subject(reload: (() => Promise<readonly string[]>) | undefined): FastifyInstance {
  const app = fastify();
  addLifecycleRoute(app, { reload });
  app.post("/other", async () => "");
  return app;
}

describe("/-/reload", () => {
  test.each(["POST", "PUT"] as const)("%s reloads and says so, whatever the body", async (method) => {
    let reloads = 0;
    await using app = subject(async () => {
      reloads += 1;
      return [];
    });
    const bodies = [
      {},
      { payload: "", headers: { "content-type": "application/x-www-form-urlencoded" } },
      { payload: "{broken", headers: { "content-type": "application/json" } },
    ];
    for (const body of bodies) {
      const { statusCode, body: text } = await app.inject({ method, url: "/-/reload", ...body });
      expect([statusCode, text]).toEqual([200, "Reloaded\n"]);
    }
    expect(reloads).toBe(3);
  });

  test("answers 500 with all problems", async () => {
    await using app = subject(async () => ["config.yaml:1: one", "config.yaml:2: two"]);
    const { statusCode, body, headers } = await app.inject({ method: "POST", url: "/-/reload" });
    expect([statusCode, body]).toEqual([500, "config.yaml:1: one\nconfig.yaml:2: two\n"]);
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
  });

  test("answers 403 with the flag where it is not enabled", async () => {
    await using app = subject(undefined);
    const { statusCode, body } = await app.inject({ method: "POST", url: "/-/reload" });
    expect(statusCode).toBe(403);
    expect(body).toContain("--web.enable-lifecycle");
  });

  test.each([
    ["GET", "Use POST or PUT to reload the configuration\n"],
    ["HEAD", ""],
  ] as const)("%s answers 405 with a hint and reloads nothing", async (method, hint) => {
    await using app = subject(() => {
      throw new Error("Expected no reload");
    });
    const { statusCode, headers, body } = await app.inject({ method, url: "/-/reload" });
    expect([statusCode, headers["allow"], body]).toEqual([405, "POST, PUT", hint]);
  });

  test("takes bodies of any type on no other route", async () => {
    await using app = subject(undefined);
    const { statusCode } = await app.inject({
      method: "POST",
      url: "/other",
      payload: "x=1",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(statusCode).toBe(415);
  });
});

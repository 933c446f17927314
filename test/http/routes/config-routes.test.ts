import { describe, expect, test } from "vitest";
import type { HttpPorts } from "../../../src/http/http-ports.ts";
import { httpSubject, type HttpSubject } from "../../helpers/http-subject.ts";

/** The whole app: what it does with bodies and other methods is part of the route. */
function subject(reload: HttpPorts["reload"]): HttpSubject {
  return httpSubject({ reload });
}

test("/config shows the configuration in effect as text", async () => {
  await using it = httpSubject({ renderConfig: () => "poll:\n  interval: 1m\n" });
  const { statusCode, body, headers } = await it.app.inject("/config");
  expect([statusCode, body]).toEqual([200, "poll:\n  interval: 1m\n"]);
  expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
});

describe("/-/reload", () => {
  test.each(["POST", "PUT"] as const)("%s reloads and says so, whatever the body", async (method) => {
    let reloads = 0;
    await using it = subject(async () => {
      reloads += 1;
      return { ok: true, lines: ["Reloaded"] };
    });
    const bodies = [
      {},
      { payload: "", headers: { "content-type": "application/x-www-form-urlencoded" } },
      { payload: "{broken", headers: { "content-type": "application/json" } },
    ];
    for (const body of bodies) {
      const { statusCode, body: text } = await it.app.inject({ method, url: "/-/reload", ...body });
      expect([statusCode, text]).toEqual([200, "Reloaded\n"]);
    }
    expect(reloads).toBe(3);
  });

  test("answers 500 with all problems", async () => {
    await using it = subject(async () => ({
      ok: false,
      lines: ["config.yaml:1: one", "config.yaml:2: two"],
    }));
    const { statusCode, body, headers } = await it.app.inject({ method: "POST", url: "/-/reload" });
    expect([statusCode, body]).toEqual([500, "config.yaml:1: one\nconfig.yaml:2: two\n"]);
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
  });

  test("answers 403 with the flag where it is not enabled", async () => {
    await using it = subject(undefined);
    const { statusCode, body } = await it.app.inject({ method: "POST", url: "/-/reload" });
    expect(statusCode).toBe(403);
    expect(body).toContain("--web.enable-lifecycle");
  });

  test.each([
    ["GET", expect.stringContaining("use POST or PUT")],
    ["HEAD", ""],
  ] as const)("%s answers 405 with a hint and reloads nothing", async (method, hint) => {
    await using it = subject(() => {
      throw new Error("Expected no reload");
    });
    const { statusCode, headers, body } = await it.app.inject({ method, url: "/-/reload" });
    expect([statusCode, headers["allow"], body]).toEqual([405, "POST, PUT", hint]);
  });
});

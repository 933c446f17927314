import { expect, test } from "vitest";
import { ASSETS } from "../../../src/http/pages/assets.ts";
import { httpSubject } from "../../helpers/http-subject.ts";

test("/assets serves each file under a name that never means another, to be kept for a year", async () => {
  await using it = httpSubject();
  for (const [name, { type, body }] of ASSETS) {
    expect(name).toMatch(/^\w+\.[\w-]{10}\.(?:css|js|svg)$/);
    const response = await it.app.inject(`/assets/${name}`);
    expect([response.statusCode, response.headers["content-type"], response.body]).toEqual([200, type, body]);
    expect(response.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(response.headers["x-content-type-options"]).toBe("nosniff");
  }
});

test("what /assets does not have is not to be kept", async () => {
  await using it = httpSubject();
  for (const name of ["style.css", "..%2f..%2fpackage.json", "__proto__", "Down.0000000000.svg"]) {
    const { statusCode, headers } = await it.app.inject(`/assets/${name}`);
    expect([statusCode, headers["cache-control"]]).toEqual([404, "no-store"]);
  }
});

test("all files of the pages together are at most 40 KB", () => {
  const bytes = [...ASSETS.values()].reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
  expect(bytes).toBeLessThanOrEqual(40_000);
});

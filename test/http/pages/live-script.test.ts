import { expect, test } from "vitest";
import { bundleLive } from "../../../build/live.mjs";
import { LIVE_SCRIPT } from "../../../src/http/pages/live-script.ts";

test("the script of the pages is what `npm run live` makes of browser/", async () => {
  const [{ code }] = await bundleLive();
  expect(LIVE_SCRIPT).toBe(code.trim());
});

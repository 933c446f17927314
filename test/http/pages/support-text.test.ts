import { expect, test } from "vitest";
import { findEntry } from "../../../src/domain/state.ts";
import { NO_INFO } from "../../../src/domain/target.ts";
import { supportText } from "../../../src/http/pages/support-text.ts";
import { answer, buildTarget, failure, instant } from "../../helpers/entry-builder.ts";
import { pictureOf } from "../../helpers/picture.ts";

const CIRCUIT = buildTarget("icon-01", {
  info: { ...NO_INFO, site: "ewr-a", device: "ccr01.ewr", slotId: "slot-7" },
  labels: { circuit_id: "XC-20417" },
});
const OTHER = buildTarget("icon-02");

test("supportText() has what Cloudflare's support asks for, in UTC, and only that", () => {
  const groups = [{ name: "newyork", members: [CIRCUIT.key, OTHER.key], minHealthy: 1 }];
  const down = answer(instant(300_000), "Down", "No light on port 17", CIRCUIT.key);
  const failed = failure(instant(360_000), "server_error", CIRCUIT.key);
  const { snapshot } = pictureOf(
    [CIRCUIT, OTHER],
    [
      { ...answer(instant(0), "Healthy", undefined, CIRCUIT.key), cfRay: "ray-1", durationMs: 120 },
      { ...down, cfRay: "ray-2", durationMs: 80 },
      { ...failed, durationMs: 10_000, failure: { ...failed.failure, cfRay: "ray-3" } },
    ],
    { now: instant(480_000), plan: { groups } },
  );
  const entry = findEntry(snapshot.state, "production", "icon-01");
  expect(entry && supportText(entry, snapshot, "1.2.3")).toBe(`Cloudflare Network Interconnect: icon-01
Written 2027-01-15 08:08:00 UTC by cloudflare-interconnect-exporter 1.2.3. All times are UTC.

Account ID: 023e105f4ecef8ad9ca31a8372d0c353
Interconnect: icon-01
Site: ewr-a
Device: ccr01.ewr
Slot ID: slot-7
circuit_id: XC-20417
State: Down since 2027-01-15 08:05:00 UTC (3 min)
Last answered state: Down
Last valid answer: 2027-01-15 08:05:00 UTC
Reason, word for word: No light on port 17
Last poll failed: server_error: server_error of a test
Request: GET /accounts/023e105f4ecef8ad9ca31a8372d0c353/cni/interconnects/icon-01/status

Changes of state, newest first (2)
  2027-01-15 08:05:00 UTC  Healthy -> Down  No light on port 17
  2027-01-15 08:00:00 UTC  Unknown -> Healthy

Last polls of the API, newest first, with cf-ray
  2027-01-15 08:06:00 UTC  cf-ray ray-3  10000 ms  failed, server_error: server_error of a test
  2027-01-15 08:05:00 UTC  cf-ray ray-2  80 ms  answered Down
  2027-01-15 08:00:00 UTC  cf-ray ray-1  120 ms  answered Healthy

Other members of group newyork
  production/icon-02: Unknown

To be added by hand
  Point-to-point prefix (the /31) and both ASNs:
  Light levels on your own port in dBm, transmit and receive, and when they were read:
  Cross-connect or carrier circuit ID, facility, cage, patch-panel ports:
`);
});

test("supportText() of a circuit without any answer says so", () => {
  const { snapshot } = pictureOf([CIRCUIT], [], { now: instant(480_000) });
  const entry = findEntry(snapshot.state, "production", "icon-01");
  const text = entry && supportText(entry, snapshot, "1.2.3");
  expect(text).toContain("State: Unknown since 2027-01-15 08:00:00 UTC (8 min)\nLast answered state: none\n");
  expect(text).not.toMatch(/undefined|Last polls|Changes of state/);
});

import { describe, expect, test } from "vitest";
import { NO_INFO } from "../../../src/domain/target.ts";
import {
  answer,
  buildPlan,
  buildTarget,
  failure,
  instant,
  planned,
  replay,
  RULES,
} from "../../helpers/entry-builder.ts";
import { portsOf } from "../../helpers/http-ports.ts";
import { httpSubject } from "../../helpers/http-subject.ts";

const TARGETS = [
  buildTarget("icon-01", {
    expectedState: "Pending",
    labels: { circuit_id: "XC-20417", constructor: "x" },
    info: { ...NO_INFO, site: "EWR1", slotId: "7", speed: "10G" },
  }),
  buildTarget("icon/02 é%2F"),
  buildTarget("icon-03"),
];
const [FIRST, SECOND] = TARGETS.map(({ key }) => key);
const STATE = replay([
  planned(
    buildPlan(TARGETS, {
      groups: [{ name: "newyork", members: ["production/icon-01"], minHealthy: 1 }],
      reasons: { ...RULES, label: "off" },
    }),
  ),
  { ...answer(instant(1000), "Healthy", "", FIRST), cfRay: "7f-LHR" },
  answer(instant(2000), "Down", `No light on port 7 ${"x".repeat(400)}`, FIRST),
  {
    ...failure(instant(3000), "server_error", FIRST),
    durationMs: 10_020,
    failure: { kind: "server_error", message: "HTTP 502", cfRay: "8a-EWR" },
  },
  answer(instant(1000), "Healthy", "", SECOND),
]);
const NOW = instant(62_500);
const REASON = `No light on port 7 ${"x".repeat(400)}`;

const EXPECTED_FIRST = {
  account: "production",
  account_id: "023e105f4ecef8ad9ca31a8372d0c353",
  interconnect: "icon-01",
  state: "Down",
  last_known_state: "Down",
  expected_state: "Pending",
  reason: REASON,
  reason_class: "no_light",
  since: "2027-01-15T08:00:02.000Z",
  last_success: "2027-01-15T08:00:02.000Z",
  age_seconds: 60.5,
  failure: { kind: "server_error", message: "HTTP 502", cf_ray: "8a-EWR" },
  info: { type: "", site: "EWR1", facility: "", speed: "10G", device: "", region: "", slot_id: "7" },
  labels: { circuit_id: "XC-20417", constructor: "x" },
  groups: ["newyork"],
};

async function get(url: string) {
  await using it = httpSubject(portsOf(STATE, NOW));
  const response = await it.app.inject(url);
  return {
    code: response.statusCode,
    type: response.headers["content-type"],
    body: response.json<Record<string, unknown>>(),
  };
}

describe("GET /api/v1/interconnects", () => {
  test("lists all with what is known, in the order of the plan, the reason whole and its class real", async () => {
    const { code, type, body } = await get("/api/v1/interconnects");
    expect([code, type]).toEqual([200, "application/json; charset=utf-8"]);
    const { now, interconnects } = body;
    expect(now).toBe("2027-01-15T08:01:02.500Z");
    expect(interconnects).toEqual([
      EXPECTED_FIRST,
      expect.objectContaining({
        interconnect: "icon/02 é%2F",
        state: "Healthy",
        failure: null,
        groups: [],
        labels: {},
      }),
      expect.objectContaining({
        interconnect: "icon-03",
        state: "Unknown",
        reason_class: "not_polled",
        last_known_state: null,
        last_success: null,
        age_seconds: null,
        since: "2027-01-15T08:00:00.000Z",
      }),
    ]);
  });

  test("is an empty list when nothing is polled", async () => {
    await using it = httpSubject(portsOf(replay([planned(buildPlan([]))]), NOW));
    expect((await it.app.inject("/api/v1/interconnects")).json()).toMatchObject({ interconnects: [] });
  });

  test("says how old an answer is by the clock that does not jump, and never that it is to come", async () => {
    const state = replay([planned(buildPlan([buildTarget()])), answer(instant(1000), "Healthy")]);
    const ages = [instant(3000), instant(0)].map(async ({ monoMs }) => {
      await using it = httpSubject(portsOf(state, { unixMs: 0, monoMs }));
      return (await it.app.inject("/api/v1/interconnects")).json().interconnects[0].age_seconds;
    });
    expect(await Promise.all(ages)).toEqual([2, 0]);
  });
});

describe("GET /api/v1/interconnects/{account}/{interconnect}", () => {
  test("tells the same with its history, newest first", async () => {
    const { code, type, body } = await get("/api/v1/interconnects/production/icon-01");
    expect([code, type]).toEqual([200, "application/json; charset=utf-8"]);
    const failed = {
      at: "2027-01-15T08:00:03.000Z",
      duration_seconds: 10.02,
      success: false,
      state: null,
      kind: "server_error",
      message: "HTTP 502",
      cf_ray: "8a-EWR",
    };
    const answered = { duration_seconds: null, success: true, kind: null, message: null };
    expect(body).toEqual({
      ...EXPECTED_FIRST,
      history: {
        changes: [
          {
            at: "2027-01-15T08:00:02.000Z",
            from: "Healthy",
            to: "Down",
            reason: `${REASON.slice(0, 299)}…`,
            reason_class: "no_light",
          },
          {
            at: "2027-01-15T08:00:01.000Z",
            from: "Unknown",
            to: "Healthy",
            reason: "",
            reason_class: "none",
          },
        ],
        polls: [
          failed,
          { at: "2027-01-15T08:00:02.000Z", ...answered, state: "Down", cf_ray: null },
          { at: "2027-01-15T08:00:01.000Z", ...answered, state: "Healthy", cf_ray: "7f-LHR" },
        ],
        failures: [failed],
      },
    });
  });

  test("takes any name in percent-encoding, as long as a name can be", async () => {
    const name = encodeURIComponent("icon/02 é%2F");
    expect((await get(`/api/v1/interconnects/production/${name}`)).body["interconnect"]).toBe("icon/02 é%2F");
    const long = "é".repeat(255);
    await using it = httpSubject(portsOf(replay([planned(buildPlan([buildTarget(long)]))]), NOW));
    const response = await it.app.inject(`/api/v1/interconnects/production/${encodeURIComponent(long)}`);
    expect(response.json()).toMatchObject({ interconnect: long });
  });

  test.each([
    "production/icon-04",
    "production/icon/02%20%C3%A9%252F",
    "production%2Ficon/02%20%C3%A9%252F",
    "lab/icon-01",
    "production/",
    "/icon-01",
    "production",
    "__proto__/constructor",
    "",
  ])("answers %s, which is not polled, with 404 in JSON", async (path) => {
    const { code, type, body } = await get(`/api/v1/interconnects/${path}`);
    expect([code, type]).toEqual([404, "application/json; charset=utf-8"]);
    expect(Object.keys(body)).toEqual(["error"]);
    expect(body["error"]).toEqual(expect.any(String));
  });

  test("answers an address that cannot be decoded with 400 in JSON", async () => {
    const { code, type, body } = await get("/api/v1/interconnects/production/%zz");
    expect([code, type]).toEqual([400, "application/json; charset=utf-8"]);
    expect(Object.keys(body)).toEqual(["error"]);
  });
});

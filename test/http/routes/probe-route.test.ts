import { expect, test } from "vitest";
import { answer, buildPlan, buildTarget, instant, planned, replay } from "../../helpers/entry-builder.ts";
import { portsOf } from "../../helpers/http-ports.ts";
import { httpSubject } from "../../helpers/http-subject.ts";
import { parseExposition } from "../../helpers/parse-exposition.ts";

const TARGETS = [
  buildTarget("icon-01"),
  buildTarget('icon/02 "é" \\'),
  buildTarget("icon-01", { account: "lab", labels: { circuit_id: "XC-1" } }),
];
const STATE = replay([
  planned(buildPlan(TARGETS, { groups: [{ name: "g", members: ["production/icon-01"], minHealthy: 1 }] })),
  ...TARGETS.map(({ key }, index) =>
    answer(instant(1000), index === 0 ? "Down" : "Healthy", "no light", key),
  ),
]);

async function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  await using it = httpSubject(portsOf(STATE, instant(2000)));
  const { statusCode: code, headers: answered, body } = await it.app.inject({ url, headers });
  return { code, type: answered["content-type"], headers: answered, body };
}

const probe = (account: string, interconnect: string): string =>
  `/probe?${new URLSearchParams({ account, interconnect }).toString()}`;

const TIME = "cloudflare_interconnect_exporter_time_seconds";

test("/probe shows the rows that /metrics has of that interconnect, the clock, and no others", async () => {
  const all = parseExposition((await get("/metrics")).body, "text");
  for (const { account, interconnect } of TARGETS) {
    const { code, type, body } = await get(probe(account, interconnect));
    expect([code, type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    const own = [...all.values()]
      .filter(({ name }) => !name.startsWith("cloudflare_interconnect_group_"))
      .map((family) =>
        Object.assign({}, family, {
          samples: family.samples.filter(
            ({ labels }) => labels["account"] === account && labels["interconnect"] === interconnect,
          ),
        }),
      );
    const shown = new Map(parseExposition(body, "text"));
    expect(shown.get(TIME)?.samples).toEqual([
      { name: TIME, labels: {}, value: instant(2000).unixMs / 1000 },
    ]);
    expect([...shown.values()].filter(({ name }) => name !== TIME)).toEqual(own);
    expect(own.flatMap(({ samples }) => samples).length).toBeGreaterThan(20);
  }
});

test("/probe is OpenMetrics for those who prefer it", async () => {
  const { type, headers, body } = await get(probe("production", "icon-01"), {
    accept: "application/openmetrics-text;version=1.0.0,text/plain;q=0.5",
  });
  expect(type).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
  expect(headers["vary"]).toBe("Accept");
  expect(body.endsWith("# EOF\n")).toBe(true);
  parseExposition(body, "openmetrics");
});

test("/probe passes over parameters of others", async () => {
  expect((await get(`${probe("production", "icon-01")}&module=x&__proto__=y`)).code).toBe(200);
});

const USE = "as in /probe?account=A&interconnect=I";
test.each([
  ["/probe", `Expected the parameter account, ${USE}`],
  ["/probe?account=production", `Expected the parameter interconnect, ${USE}`],
  ["/probe?account=&interconnect=icon-01", `Expected the parameter account, ${USE}`],
  ["/probe?account[]=production&interconnect=icon-01", `Expected the parameter account, ${USE}`],
  [
    "/probe?account=a&interconnect=b&interconnect=c",
    "Expected the parameter interconnect once, got it 2 times",
  ],
  [
    `/probe?account=a&interconnect=${"x".repeat(10_240)}`,
    "Expected at most 1024 characters in interconnect, got 10240",
  ],
])("%.60s is a wrong question, and says what to ask", async (url, message) => {
  const { code, type, body } = await get(url);
  expect([code, type, body]).toEqual([400, "text/plain; charset=utf-8", `${message}\n`]);
});

test.each([
  probe("production", "icon-02"),
  probe("PRODUCTION", "icon-01"),
  probe("production/icon", '02 "é" \\'),
  probe("production", "../icon-01"),
  probe("http://127.0.0.1:1/", "icon-01"),
  "/probe?account=production&interconnect=icon-01%00",
  "/probe?account=__proto__&interconnect=constructor",
])("%s is not polled", async (url) => {
  const { code, type, body } = await get(url);
  expect([code, type]).toEqual([404, "text/plain; charset=utf-8"]);
  expect(body).toBe("No such interconnect is polled: /sd lists those that are\n");
});

import { expect, test } from "vitest";
import { readErrors, statusShape, unwrap } from "../../src/api/wire.ts";

test.each([
  [{ state: "Healthy" }, { state: "Healthy" }],
  [
    { state: "Down", reason: "no light", since: 1 },
    { state: "Down", reason: "no light" },
  ],
  [
    { state: "Down", reason: null },
    { state: "Down", reason: undefined },
  ],
  [
    { state: "Flapping", reason: { code: 1 } },
    { state: "Flapping", reason: '{"code":1}' },
  ],
  [
    { state: "Down", reason: ["no light", { port: "et-0/0/1" }] },
    { state: "Down", reason: '["no light",{"port":"et-0/0/1"}]' },
  ],
  [
    { state: "Down", reason: 17 },
    { state: "Down", reason: "17" },
  ],
])("statusShape reads %j", (body, wanted) => {
  expect(statusShape.parse(body)).toEqual(wanted);
});

test("statusShape tells a reason that is too deep for its JSON by its kind", () => {
  const cases = [
    ["[", "]", "[…]"],
    ['{"a":', "}", "{…}"],
  ] as const;
  for (const [open, close, told] of cases) {
    const reason: unknown = JSON.parse(`${open.repeat(100_000)}1${close.repeat(100_000)}`);
    expect(statusShape.parse({ state: "Down", reason })).toEqual({ state: "Down", reason: told });
  }
});

test.each([null, [], "Healthy", {}, { state: null }, { state: 1 }, { result: { state: "Down" } }])(
  "statusShape refuses %j",
  (body) => {
    expect(statusShape.safeParse(body).success).toBe(false);
  },
);

test.each([
  [{ success: true, result: { state: "Down" } }, { state: "Down" }],
  [{ success: true, result: null, state: "Healthy" }, null],
  [
    { success: false, result: 1 },
    { success: false, result: 1 },
  ],
  [{ success: true }, { success: true }],
  [
    { success: "yes", result: 1 },
    { success: "yes", result: 1 },
  ],
  [
    { state: "Down", result: 1 },
    { state: "Down", result: 1 },
  ],
  ["text", "text"],
  [null, null],
])("unwrap() of %j", (body, wanted) => {
  expect(unwrap(body)).toEqual(wanted);
});

test("readErrors() lists each error with its chain, without what is empty or broken", () => {
  const errors = [
    {
      code: 6003,
      message: "Invalid request headers",
      error_chain: [{ code: 6111, message: "Invalid format" }, 5],
    },
    { message: "no code", error_chain: null },
    { code: "10000" },
    { code: {}, message: 7 },
    null,
    "text",
  ];
  expect(readErrors({ success: false, errors })).toEqual([
    { code: 6003, message: "Invalid request headers" },
    { code: 6111, message: "Invalid format" },
    { code: undefined, message: "no code" },
    { code: 10_000, message: "" },
  ]);
});

test.each([undefined, null, "x", [], {}, { errors: "x" }, { errors: null }])(
  "readErrors() finds none in %j",
  (body) => {
    expect(readErrors(body)).toEqual([]);
  },
);

test("readErrors() reads no more than ten", () => {
  const errors = Array.from({ length: 5000 }, (_, code) => ({
    code,
    message: "",
    error_chain: [{ code: 1 }],
  }));
  expect(readErrors({ errors })).toHaveLength(10);
});

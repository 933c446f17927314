import { expect, test } from "vitest";
import { toLogfmt } from "../../src/cli/logfmt.ts";

test("toLogfmt() quotes what would break the format and leaves the rest bare", () => {
  const line = JSON.stringify({
    level: "info",
    state: "Down",
    count: 3,
    ok: true,
    nothing: null,
    reason: "",
    text: 'a "quoted" = thing',
    path: "C:\\x",
    msg: "Two words",
  });
  expect(toLogfmt(line)).toBe(
    'level=info state=Down count=3 ok=true nothing=null reason="" text="a \\"quoted\\" = thing" path="C:\\\\x" msg="Two words"\n',
  );
});

test("toLogfmt() writes one line whatever the values hold", () => {
  const text = "a\nb\r\u0085\u2028\u202e\u001b[31m";
  const line = toLogfmt(JSON.stringify({ text }));
  expect(line).toBe('text="a\\nb\\r\\u0085\\u2028\\u202e\\u001b[31m"\n');
});

test("toLogfmt() gives nested values keys of their own, without what would break a key", () => {
  const line = JSON.stringify({ err: { message: "no", "odd key=": 1 }, list: ["a", "b"] });
  expect(toLogfmt(line)).toBe("err.message=no err.odd_key_=1 list.0=a list.1=b\n");
});

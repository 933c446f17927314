import { inspect } from "node:util";
import { expect, test } from "vitest";
import { parseProxyUrl } from "../../src/base/proxy-url.ts";

const CANARY = "canary-of-a-password";

function base64(text: string): string {
  return `Basic ${Buffer.from(text).toString("base64")}`;
}

test.each([
  ["http://proxy.example:3128", "http://proxy.example:3128", "proxy.example:3128", undefined],
  ["http://proxy.example/", "http://proxy.example", "proxy.example", undefined],
  ["https://u:p@[::1]:3128", "https://[::1]:3128", "[::1]:3128", base64("u:p")],
  ["http://u@proxy.example", "http://proxy.example", "proxy.example", base64("u:")],
  ["http://u%40x:p%3A%C3%A9@proxy.example", "http://proxy.example", "proxy.example", base64("u@x:p:é")],
  ["http://u:100%@proxy.example", "http://proxy.example", "proxy.example", base64("u:100%")],
])("parseProxyUrl() reads %s", (text, origin, host, authorization) => {
  const proxy = parseProxyUrl(text);
  expect([proxy.origin, proxy.host, proxy.authorization?.reveal()]).toEqual([origin, host, authorization]);
});

test("parseProxyUrl() shows the password nowhere", () => {
  const proxy = parseProxyUrl(`http://user:${CANARY}@proxy.example`);
  const shown = inspect(proxy, { depth: 9, showHidden: true }) + JSON.stringify(proxy);
  expect(shown).not.toContain(CANARY);
  expect(shown).not.toContain(Buffer.from(`user:${CANARY}`).toString("base64"));
});

test.each([`http://user:${CANARY}@:0x`, `socks5://user:${CANARY}@proxy`, CANARY, ""])(
  "parseProxyUrl() refuses %s without repeating it",
  (text) => {
    const hidden = expect.toSatisfy(
      (error) => !inspect(error, { depth: 9, showHidden: true }).includes(CANARY),
    );
    expect(() => parseProxyUrl(text)).toThrow(/^Cannot use the proxy: expected a URL such as http:/);
    expect(() => parseProxyUrl(text)).toThrow(hidden);
  },
);

import { expect, test } from "vitest";
import { proxyFor } from "../../src/api/proxy-for.ts";

const API = "https://api.cloudflare.com";
const PROXY = "http://proxy.example:3128";

test.each([
  [API, {}, undefined],
  [API, { HTTPS_PROXY: PROXY }, PROXY],
  [API, { https_proxy: PROXY }, PROXY],
  [API, { https_proxy: "http://lower:1", HTTPS_PROXY: PROXY }, "http://lower:1"],
  [API, { https_proxy: "", HTTPS_PROXY: PROXY }, PROXY],
  [API, { https_proxy: " ", HTTPS_PROXY: "" }, undefined],
  [API, { HTTPS_PROXY: "proxy.example:3128" }, PROXY],
  [API, { HTTPS_PROXY: "user:p@proxy.example:3128" }, "http://user:p@proxy.example:3128"],
  [API, { HTTPS_PROXY: "https://proxy.example" }, "https://proxy.example"],
  [API, { HTTP_PROXY: PROXY, http_proxy: PROXY }, undefined],
  ["http://api.example", { HTTP_PROXY: PROXY }, PROXY],
  ["http://api.example", { http_proxy: PROXY }, PROXY],
  ["http://api.example", { HTTPS_PROXY: PROXY }, undefined],
  ["http://127.0.0.1:8080", { http_proxy: PROXY }, undefined],
  ["http://localhost:8080", { http_proxy: PROXY }, undefined],
  ["http://[::1]:8080", { http_proxy: PROXY }, undefined],
  ["https://localhost:8443", { https_proxy: PROXY }, PROXY],
  [API, { HTTPS_PROXY: PROXY, no_proxy: "other.example", NO_PROXY: "*" }, PROXY],
  [API, { HTTPS_PROXY: PROXY, no_proxy: "", NO_PROXY: "*" }, undefined],
])("proxyFor(%s, %j) is %s", (origin, env, proxy) => {
  expect(proxyFor(origin, env)).toBe(proxy);
});

test.each([
  [API, "*", true],
  [API, "api.cloudflare.com", true],
  [API, "API.Cloudflare.COM.", true],
  [API, "cloudflare.com", true],
  [API, ".cloudflare.com", true],
  [API, "*.cloudflare.com", true],
  ["https://cloudflare.com", ".cloudflare.com", true],
  [API, "flare.com", false],
  [API, "api.cloudflare.com.example", false],
  [API, "localhost, 10.0.0.0/8 ,cloudflare.com", true],
  [API, "localhost cloudflare.com", true],
  [API, "api.cloudflare.com:443", true],
  [API, "api.cloudflare.com:8443", false],
  ["https://api.cloudflare.com:8443", "cloudflare.com:8443", true],
  [API, ", ,", false],
  [API, ".", false],
  [API, "*.", false],
  ["https://192.0.2.7", "192.0.2.7", true],
  ["https://192.0.2.7", "192.0.2.7:443", true],
  ["https://192.0.2.7", "192.0.2.7:80", false],
  ["https://192.0.2.7", "192.0.2.0/24", true],
  ["https://192.0.2.7", "192.0.3.0/24", false],
  ["https://192.0.2.7", "0.0.0.0/0", true],
  ["https://192.0.2.7", "192.0.2.0/33", false],
  ["https://192.0.2.7", "192.0.2.0/x", false],
  ["https://192.0.2.7", "2.7", false],
  ["https://192.0.2.7", "2001:db8::/32", false],
  ["https://[2001:db8::7]", "2001:db8::7", true],
  ["https://[2001:db8::7]", "[2001:db8::7]", true],
  ["https://[2001:db8::7]", "[2001:db8::7]:443", true],
  ["https://[2001:db8::7]", "[2001:db8::7]:444", false],
  ["https://[2001:db8::7]", "2001:DB8::/32", true],
  ["https://[2001:db8::7]", "2001:db9::/32", false],
])("proxyFor(%s) with NO_PROXY %j: exempt is %s", (origin, noProxy, exempt) => {
  expect(proxyFor(origin, { HTTPS_PROXY: PROXY, NO_PROXY: noProxy })).toBe(exempt ? undefined : PROXY);
});

import { expect, test } from "vitest";
import { isLoopback } from "../../src/base/loopback.ts";

test.each([
  "http://LOCALHOST:8080",
  "http://127.0.0.1",
  "http://127.1",
  "http://127.9.8.7:1/x",
  "http://[0:0::1]",
])("isLoopback() takes the host of %s for this machine", (url) => {
  expect(isLoopback(new URL(url).hostname)).toBe(true);
});

test.each([
  "http://127.0.0.1.example.com",
  "http://localhost.example.com",
  "http://mylocalhost",
  "http://x.localhost",
  "http://10.0.0.1",
  "http://0.0.0.0",
  "http://[::2]",
])("isLoopback() does not take the host of %s for this machine", (url) => {
  expect(isLoopback(new URL(url).hostname)).toBe(false);
});

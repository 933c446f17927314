import { expect, test } from "vitest";
import { formatListenAddress, parseListenAddress } from "../../../src/http/listeners/listen-address.ts";

test.each([
  [":13335", { host: undefined, port: 13335 }],
  ["0.0.0.0:9100", { host: "0.0.0.0", port: 9100 }],
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
  ["localhost:80", { host: "localhost", port: 80 }],
  ["exporter.example.com:65535", { host: "exporter.example.com", port: 65_535 }],
  ["[::1]:9100", { host: "::1", port: 9100 }],
  ["[::]:9100", { host: "::", port: 9100 }],
  ["[fe80::1%eth0]:9100", { host: "fe80::1%eth0", port: 9100 }],
  ["[::ffff:10.0.0.1]:9100", { host: "::ffff:10.0.0.1", port: 9100 }],
])("parseListenAddress() reads %s", (text, address) => {
  expect(parseListenAddress(text)).toEqual(address);
  expect(formatListenAddress(address)).toBe(text);
});

test.each([
  "",
  ":",
  "9100",
  "localhost",
  "localhost:",
  "localhost:http",
  ":65536",
  ":99999",
  ":-1",
  ":123456",
  "::1:9100",
  "[::1]",
  "[]:9100",
  "[localhost]:9100",
  "http://localhost:9100",
  "local host:9100",
  " :9100",
  ":9100 ",
  ":9100\n",
])("parseListenAddress() refuses %j", (text) => {
  expect(parseListenAddress(text)).toBeUndefined();
});

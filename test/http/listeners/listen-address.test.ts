import { createServer, type Server } from "node:http";
import { describe, expect, test } from "vitest";
import { listen, parseListenAddress } from "../../../src/http/listeners/listen-address.ts";

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

function app(): Server {
  return createServer((_request, response) => void response.end("hello"));
}

describe("listen()", () => {
  test("answers at the port that it gives, on all addresses when none is named", async () => {
    await using server = app();
    const { port } = await listen(server, { host: undefined, port: 0 });
    expect(port).toBeGreaterThan(0);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("hello");
  });

  test("says that the port is taken, and what to do", async () => {
    await using first = app();
    const second = app();
    const { port } = await listen(first, { host: "127.0.0.1", port: 0 });
    const failed = listen(second, { host: "127.0.0.1", port });
    await expect(failed).rejects.toThrow(
      new Error(
        `Cannot listen on 127.0.0.1:${port}: the port is taken by another process, choose one with --web.listen-address`,
      ),
    );
    await expect(failed).rejects.toMatchObject({ cause: { code: "EADDRINUSE" } });
  });

  test("says that the machine has no such address", async () => {
    const server = app();
    await expect(listen(server, { host: "192.0.2.1", port: 0 })).rejects.toThrow(
      new Error("Cannot listen on 192.0.2.1:0: this machine has no such address"),
    );
  });

  test("writes an IPv6 address as it is given", async () => {
    const server = app();
    await expect(listen(server, { host: "2001:db8::1", port: 0 })).rejects.toThrow(
      "Cannot listen on [2001:db8::1]:0: ",
    );
  });
});

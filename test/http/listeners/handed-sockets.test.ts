import { describe, expect, test } from "vitest";
import { formatHandedSocket, handedSockets } from "../../../src/http/listeners/handed-sockets.ts";

const PID = 4711;
const OURS = { LISTEN_PID: "4711" };

describe("handedSockets()", () => {
  test("are as many as LISTEN_FDS says from 3 on, with their names as far as there are any", () => {
    expect(handedSockets({ ...OURS, LISTEN_FDS: "1" }, PID)).toEqual([{ fd: 3, name: "" }]);
    expect(handedSockets({ ...OURS, LISTEN_FDS: "3", LISTEN_FDNAMES: "web:admin" }, PID)).toEqual([
      { fd: 3, name: "web" },
      { fd: 4, name: "admin" },
      { fd: 5, name: "" },
    ]);
  });

  test.each([
    ["nothing", {}, "LISTEN_FDS, their number, is not set"],
    ["no number of sockets", { ...OURS }, "LISTEN_FDS, their number, is not set"],
    ["zero sockets", { ...OURS, LISTEN_FDS: "0" }, 'LISTEN_FDS, their number, is "0"'],
    ["a negative number", { ...OURS, LISTEN_FDS: "-1" }, 'LISTEN_FDS, their number, is "-1"'],
    ["no number at all", { ...OURS, LISTEN_FDS: "one" }, 'LISTEN_FDS, their number, is "one"'],
    [
      "more than can be",
      { ...OURS, LISTEN_FDS: "99999999999" },
      'LISTEN_FDS, their number, is "99999999999"',
    ],
    [
      "sockets for nobody",
      { LISTEN_FDS: "1" },
      "LISTEN_PID, the process that they are for, is not set and this is 4711",
    ],
    [
      "sockets for a parent",
      { LISTEN_FDS: "1", LISTEN_PID: "1" },
      'LISTEN_PID, the process that they are for, is "1" and this is 4711',
    ],
    [
      "a process that is no number",
      { LISTEN_FDS: "1", LISTEN_PID: "4711 " },
      'LISTEN_PID, the process that they are for, is "4711 " and this is 4711',
    ],
  ])("are refused for %s", (_what, env, what) => {
    const message = `--web.systemd-socket: expected sockets from systemd, but ${what}; start the socket unit, or leave the flag out`;
    expect(() => handedSockets(env, PID)).toThrow(new Error(message));
  });
});

test("formatHandedSocket() has the name where there is one", () => {
  expect(formatHandedSocket({ fd: 3, name: "" })).toBe("fd 3");
  expect(formatHandedSocket({ fd: 4, name: "web.socket" })).toBe("fd 4 (web.socket)");
});

import { expect, test } from "vitest";
import { parseBasicCredentials } from "../../../src/http/gate/basic-credentials.ts";

const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

test.each([
  ["alice", "secret"],
  ["alice", "with:colons:in:it"],
  ["alice", "pässwörd ☃"],
  ["zoë", "x"],
  ["alice", ""],
  ["", "x"],
])("parseBasicCredentials() reads user %j with password %j", (user, password) => {
  const credentials = parseBasicCredentials(basic(`${user}:${password}`));
  expect(credentials?.user).toBe(user);
  expect(credentials?.password.toString()).toBe(password);
});

test("parseBasicCredentials() takes the scheme in any case", () => {
  expect(parseBasicCredentials("bAsIc YTpi")?.user).toBe("a");
});

test.each([
  undefined,
  "",
  "Basic",
  "Basic YTpi!",
  "Basic YTp",
  "Bearer YTpi",
  "Basic YWI=",
  "Basic YTpi YTpi",
])("parseBasicCredentials() takes %j for none", (header) => {
  expect(parseBasicCredentials(header)).toBeUndefined();
});

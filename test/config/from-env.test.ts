import { expect, test } from "vitest";
import { configFromEnv } from "../../src/config/from-env.ts";
import { formatProblem } from "../../src/document/problems.ts";
import { ACCOUNT_ID, text, valid } from "../helpers/parse-config.ts";

type Env = Readonly<Record<string, string>>;

const TOKEN = { CLOUDFLARE_API_TOKEN: "cfut_CANARY0123456789" };
const ID = { CLOUDFLARE_ACCOUNT_ID: ACCOUNT_ID };
const EMAIL = { CLOUDFLARE_EMAIL: "noc@example.com" };
const KEY = { CLOUDFLARE_API_KEY: "cfk_CANARY0123456789" };

async function configOf(env: Env) {
  const result = await configFromEnv(env);
  if (result?.ok !== true) throw new Error(JSON.stringify(result));
  return result;
}

test("configFromEnv() is the same as a file with that account and nothing else", async () => {
  const { config, warnings } = await configOf({ ...TOKEN, ...ID });
  const written = text([`api_token: ${TOKEN.CLOUDFLARE_API_TOKEN}`]).replace(
    "name: production",
    "name: default",
  );
  expect(config).toEqual(await valid(written));
  expect(config.accounts[0]).toMatchObject({
    name: "default",
    interconnects: [],
    discovery: { enabled: true },
  });
  expect(warnings).toEqual([]);
});

test("configFromEnv() takes an email with a key, and another base URL", async () => {
  const base = { CLOUDFLARE_BASE_URL: "http://127.0.0.1:8080/client/v4/" };
  const { config } = await configOf({ ...EMAIL, ...KEY, ...ID, ...base });
  const credential = config.accounts[0]?.credential;
  expect(credential).toMatchObject({ scheme: "key", email: "noc@example.com" });
  expect(credential?.scheme === "key" && credential.key.value.reveal()).toBe("cfk_CANARY0123456789");
  expect(config.api.baseUrl).toBe("http://127.0.0.1:8080/client/v4");
});

test("configFromEnv() trims values, and takes an empty one for unset", async () => {
  const { config } = await configOf({
    CLOUDFLARE_API_TOKEN: " x${not-expanded}\n",
    CLOUDFLARE_ACCOUNT_ID: `\t${ACCOUNT_ID} `,
    CLOUDFLARE_EMAIL: " ",
    CLOUDFLARE_BASE_URL: "",
  });
  const credential = config.accounts[0]?.credential;
  expect(credential?.scheme === "token" && credential.token.value.reveal()).toBe("x${not-expanded}");
  expect(config.api.baseUrl).toBe("https://api.cloudflare.com/client/v4");
});

test("configFromEnv() has another hash for another environment", async () => {
  const [one, same, other] = await Promise.all([
    configOf({ ...TOKEN, ...ID }),
    configOf({ ...TOKEN, ...ID, PATH: "/bin" }),
    configOf({ CLOUDFLARE_API_TOKEN: "other", ...ID }),
  ]);
  expect(same.hash).toBe(one.hash);
  expect(other.hash).not.toBe(one.hash);
});

test.each<Env>([
  {},
  { CLOUDFLARE_API_TOKEN: " ", CLOUDFLARE_ACCOUNT_ID: "" },
  { CLOUDFLARE_BASE_URL: "https://api.example.com" },
])("configFromEnv() is undefined when nothing of it is set: %j", (env) => {
  expect(configFromEnv(env)).toBeUndefined();
});

const NO_ID = "CLOUDFLARE_ACCOUNT_ID: expected an account id of 32 hexadecimal digits, got nothing";
const EITHER =
  "CLOUDFLARE_API_TOKEN is set too; use either a token, or CLOUDFLARE_EMAIL with CLOUDFLARE_API_KEY";

test.each<[Env, readonly string[]]>([
  [TOKEN, [NO_ID]],
  [
    ID,
    ["CLOUDFLARE_API_TOKEN: expected an API token, or CLOUDFLARE_EMAIL with CLOUDFLARE_API_KEY, got nothing"],
  ],
  [EMAIL, [NO_ID, "CLOUDFLARE_EMAIL: needs CLOUDFLARE_API_KEY beside it"]],
  [{ ...ID, ...KEY }, ["CLOUDFLARE_API_KEY: needs CLOUDFLARE_EMAIL beside it"]],
  [{ ...ID, ...TOKEN, ...EMAIL, ...KEY }, [`CLOUDFLARE_EMAIL: ${EITHER}`]],
  [{ ...ID, ...TOKEN, ...KEY }, [`CLOUDFLARE_API_KEY: ${EITHER}`]],
  [
    {
      CLOUDFLARE_ACCOUNT_ID: "prod",
      CLOUDFLARE_API_TOKEN: "two CANARY words",
      CLOUDFLARE_BASE_URL: "ftp://x",
    },
    [
      'CLOUDFLARE_BASE_URL: expected https, or http on a loopback address, got "ftp://x"',
      'CLOUDFLARE_ACCOUNT_ID: expected an account id of 32 hexadecimal digits, got "prod"',
      "CLOUDFLARE_API_TOKEN: expected one word of printable ASCII characters",
    ],
  ],
  [{ ...ID, ...KEY, CLOUDFLARE_EMAIL: "noc" }, ['CLOUDFLARE_EMAIL: expected an email address, got "noc"']],
  [
    { ...TOKEN, CLOUDFLARE_ACCOUNT_ID: "cfut_CANARY0123456789" },
    ["CLOUDFLARE_ACCOUNT_ID: expected an account id of 32 hexadecimal digits"],
  ],
])("configFromEnv() of %j tells what is wrong, by variable", async (env, expected) => {
  const result = await configFromEnv(env);
  if (result === undefined || result.ok) throw new Error("expected problems");
  const shown = result.problems.map((problem) => formatProblem("environment", problem));
  expect(shown).toEqual(expected.map((message) => `environment: ${message}`));
  expect(result.reason).toBe("invalid");
  expect(shown.join("\n")).not.toContain("CANARY");
});

test("configFromEnv() tells which variable a value came from", async () => {
  const result = await configFromEnv({ ...TOKEN, ...ID });
  const paths = ["accounts[0].api_token", "accounts[0].name"];
  expect(result?.ok === true && paths.map(result.writtenAt)).toEqual(["${CLOUDFLARE_API_TOKEN}", undefined]);
});

import { verify } from "@node-rs/bcrypt";
import { expect, test } from "vitest";
import { costOf, dummyHash, hashesInVain } from "../../../src/http/web-config/bcrypt-hash.ts";

const SALT_AND_DIGEST = "mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze";

test.each(["2a", "2b", "2y"])("costOf() reads the cost of a $%s$ hash", (version) => {
  expect(costOf(`$${version}$12$${SALT_AND_DIGEST}`)).toBe(12);
});

test.each([
  "",
  `$2x$10$${SALT_AND_DIGEST}`,
  `$2$10$${SALT_AND_DIGEST}`,
  `$2b$10$${SALT_AND_DIGEST}.`,
  `$2b$10$${SALT_AND_DIGEST.slice(1)}`,
  `$2b$1$${SALT_AND_DIGEST}`,
  `$2b$10$${SALT_AND_DIGEST.slice(1)}!`,
])("costOf() takes %j for no hash", (text) => {
  expect(costOf(text)).toBeUndefined();
});

test("dummyHash() is a hash that the library computes and no usual password has", async () => {
  expect(costOf(dummyHash(4))).toBe(4);
  expect(await verify("", dummyHash(4))).toBe(false);
  expect(await verify("fakepassword", dummyHash(4))).toBe(false);
});

function rounds(hashes: readonly string[]): number {
  return hashes.reduce((sum, hash) => sum + 2 ** (costOf(hash) ?? 0), 0);
}

test("hashesInVain() makes attempts of known and unknown users cost the same rounds", () => {
  for (const cost of [4, 5, 9, 12]) {
    const known = hashesInVain(`$2y$${String(cost).padStart(2, "0")}$${SALT_AND_DIGEST}`, 12);
    expect(rounds(known)).toBe(2 ** 12);
  }
  expect(rounds(hashesInVain(undefined, 12))).toBe(2 ** 12);
});

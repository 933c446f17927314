import { expect, test } from "vitest";
import { currentCatalogue } from "../../docs/src/metrics-page.ts";
import { messages, text } from "../helpers/parse-config.ts";

const labels = new Set(
  currentCatalogue().flatMap((family) => (family.of === "exporter" ? [] : family.labels)),
);

test("parseConfig() is tried on the labels of every family beside which a user's own may stand", () => {
  expect(labels.size).toBeGreaterThan(12);
});

test.each([...labels])("parseConfig() refuses %s as a label of the user's own", async (label) => {
  const lines = ["api_token: x", `interconnects: [{ name: a, labels: { ${label}: x } }]`];
  expect(await messages(text(lines))).toEqual([
    `config.yaml:6: accounts[0].interconnects[0].labels.${label}: this label name is the exporter's or Prometheus's own`,
  ]);
});

import { defineConfig } from "vitest/config";

/** Minutes each, nearly all of them waiting for alerts at the pace of scaled rules. */
const patient = ["test/e2e/story-prometheus-*.test.ts", "test/e2e/sd-recipe.test.ts"];

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    // The bundle, as users have it.
    globalSetup: "test/helpers/build-bundle.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "alone",
          include: ["test/e2e/**/*.test.ts", "test/deploy/**/*.test.ts", "test/grafana/**/*.test.ts"],
          exclude: patient,
          // One file at a time: the rhythm of polls is measured here, and CI has two cores.
          maxWorkers: 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "side by side", include: patient, maxWorkers: 3, sequence: { groupOrder: 1 } },
      },
    ],
  },
});

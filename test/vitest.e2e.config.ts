import { defineConfig } from "vitest/config";

const stories = "test/e2e/story-prometheus-*.test.ts";

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
          exclude: [stories],
          // One file at a time: the rhythm of polls is measured here, and CI has two cores.
          maxWorkers: 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        // Side by side: each takes four minutes, nearly all of it waiting for alerts.
        test: { name: "stories", include: [stories], maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
    ],
  },
});

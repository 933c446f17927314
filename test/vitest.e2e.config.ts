import { defineConfig } from "vitest/config";

// One file at a time: the rhythm of polls is measured here, and CI has two cores.
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/e2e/**/*.test.ts", "test/deploy/**/*.test.ts", "test/grafana/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

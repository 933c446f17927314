import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    // These need Prometheus and Alertmanager: `npm run test:e2e`.
    exclude: ["test/e2e/**", "test/deploy/**", "test/grafana/**"],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary"],
      thresholds: Object.fromEntries(
        ["base", "domain", "config", "metrics", "storage"].map((room) => [
          `src/${room}/**/*.ts`,
          { lines: 100, branches: 100, functions: 100, statements: 100 },
        ]),
      ),
    },
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    // These need Prometheus and Alertmanager: `npm run test:e2e`.
    exclude: ["test/e2e/**", "test/deploy/**", "test/grafana/**"],
    // No assertion, only an end for what hangs: a busy machine takes many times as long as an idle one.
    testTimeout: 30_000,
    // Tests share no state, so files can share a process: starting one for each took longer than half the tests.
    isolate: false,
    // Much of a test is waiting for a socket, so every core has a worker; vitest leaves one idle by itself.
    maxWorkers: "100%",
    coverage: {
      enabled: true,
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

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary"],
      thresholds: Object.fromEntries(
        ["base", "domain", "config", "metrics"].map((room) => [
          `src/${room}/**/*.ts`,
          { lines: 100, branches: 100, functions: 100, statements: 100 },
        ]),
      ),
    },
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    restoreMocks: true,
    unstubEnvs: true,
    coverage: {
      include: ["src/**/*.ts"],
      exclude: ["src/main.ts"], // the process itself: nothing to import without starting it
      reporter: ["text", "lcov"],
      thresholds: { branches: 80, functions: 80, lines: 80, statements: 80 },
    },
  },
});

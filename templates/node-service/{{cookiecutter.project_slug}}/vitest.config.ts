import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: "unit", include: ["tests/*.test.ts"] } },
      { extends: true, test: { name: "contract", include: ["tests/contract/*.test.ts"] } },
    ],
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

import { configDefaults, defineConfig } from "vitest/config";

// The adversarial scenarios take as long as all others together: they run in CI and with `npm run test:all`.
export default defineConfig(({ mode }) => ({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [
      ...configDefaults.exclude,
      ...(process.env["CI"] || mode === "all" ? [] : ["test/scenarios/adversarial/**"]),
    ],
    globalSetup: ["test/setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
}));

import { configDefaults, defineConfig } from "vitest/config";

// These take longer than all others together; they run in CI and with `npm run test:all`.
const long = ["test/scenarios/adversarial/**", "test/engine/program.test.ts"];

export default defineConfig(({ mode }) => ({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(process.env["CI"] || mode === "all" ? [] : long)],
    globalSetup: ["test/setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
}));

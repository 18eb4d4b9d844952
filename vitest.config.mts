import { configDefaults, defineConfig } from "vitest/config";

// These take longer than all others together; they run in CI and with `npm run test:all`.
const long = ["test/scenarios/adversarial/**", "test/scenarios/killAtEachCall.test.ts"];

// Scenarios that have no door, or one of their own.
const doorless = [
  "test/scenarios/plugin.test.ts",
  "test/scenarios/killAtEachCall.test.ts",
  "test/scenarios/adversarial/vkeTwice.test.ts",
  "test/scenarios/adversarial/vkeRecord.test.ts",
];

// Writes fixtures, where that is asked for.
const taking = process.env["PULUMI_BIGDATA_TAKE_STATE"] ? [] : ["test/scenarios/takeState.test.ts"];

export default defineConfig(({ mode }) => {
  const isWhole = Boolean(process.env["CI"]) || mode === "all";
  // CI has a quarter of an hour: it goes through the second door with all scenarios but the adversarial ones.
  const plugin = isWhole ? ["test/scenarios/**/*.test.ts"] : ["test/scenarios/lives.test.ts"];
  const shut = mode === "all" ? doorless : [...doorless, "test/scenarios/adversarial/**"];
  const project = (
    name: string,
    include: string[],
    exclude: string[],
    env: Record<string, string> = {},
    groupOrder = 0,
    setupFiles: string[] = [],
  ) => ({
    extends: true as const,
    test: {
      name,
      include,
      exclude: [...configDefaults.exclude, ...taking, ...exclude],
      env,
      setupFiles,
      sequence: { groupOrder },
    },
  });
  return {
    test: {
      globalSetup: ["test/setup.ts"],
      testTimeout: 180_000,
      hookTimeout: 60_000,
      maxWorkers: 2,
      projects: [
        project("direct", ["test/**/*.test.ts"], [...(isWhole ? [] : long), "test/e2e/**"]),
        project("dynamic", ["test/scenarios/**/*.test.ts"], [], { PULUMI_BIGDATA_DOOR: "dynamic" }),
        // The same scenarios through the other front door.
        project("plugin", plugin, shut, { PULUMI_BIGDATA_DOOR: "plugin" }),
        // The same scenarios, where each `up` is announced by a plan first, and has to do just that.
        ...(mode === "all"
          ? [project("announced", plugin, doorless, { PULUMI_BIGDATA_ANNOUNCED: "1" })]
          : []),
        // With the real CLI, where there is one. It builds this package again, so that nothing else may run meanwhile.
        project("e2e", ["test/e2e/**/*.test.ts"], [], {}, 1, ["test/e2e/setup.ts"]),
      ],
    },
  };
});

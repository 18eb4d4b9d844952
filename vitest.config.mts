import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

// These take longer than all others together; they run in CI and with `npm run test:all`.
const long = [
  "test/campaign/campaign.test.ts",
  "test/cli/{clouds,page}.test.ts",
  "test/provider/tencent/emrNodePoolLimits.test.ts",
  "test/sdk/declarations.test.ts",
  "test/doors/cancel.test.ts",
  "test/scenarios/{clocks,journals,killedAtEachCall,outages,renewedKeys}.test.ts",
  "test/scenarios/huawei/ddmNodeGroup/{answers,lists}.test.ts",
  "test/scenarios/tencent/emrNodePool/{atOnce,killedPurchase,lists,namesakes,neverLost,otherHands,surroundings}.test.ts",
  "test/scenarios/volcengine/emrApplicationState/lostAnswers.test.ts",
];

// Writes fixtures, where that is asked for.
const taking = process.env["PULUMI_BIGDATA_TAKE_STATE"] ? [] : ["test/scenarios/takeState.test.ts"];

// Several runs to a test, or none of Pulumi's: there is no plan before them. Or pools and services of one cluster change at
// once, so that whichever comes first decides what there is to stop.
const withoutPlan = [
  "test/scenarios/{clocks,journals,killedAtEachCall,manyAtOnce,renewedKeys,twoMachines}.test.ts",
  "test/scenarios/volcengine/emrApplicationState/{lostAnswers,recorded}.test.ts",
];

/** What goes through a front door, in processes of its own: the lives of all resources, and what is about that door. */
const lives = [
  "test/scenarios/lives.test.ts",
  "test/scenarios/*/*/life.test.ts",
  "test/doors/killed.test.ts",
];
const ofDoor = {
  dynamic: [...lives, "test/doors/dynamic.test.ts"],
  plugin: [...lives, "test/doors/{cancel,plugin,pluginStacks}.test.ts"],
};
/** A sample of that for `npm test`. */
const sample = ["test/scenarios/tencent/emrNodePool/life.test.ts"];

export default defineConfig(({ mode }) => {
  const isAll = mode === "all";
  const isWhole = Boolean(process.env["CI"]) || isAll;
  const project = (
    name: string,
    include: string[],
    more: {
      exclude?: string[];
      env?: Record<string, string>;
      isolate?: boolean;
      groupOrder?: number;
      setupFiles?: string[];
    } = {},
  ) => {
    const { exclude = [], groupOrder = 0, ...rest } = more;
    return {
      extends: true as const,
      test: {
        name,
        include,
        exclude: [...configDefaults.exclude, ...taking, ...exclude],
        sequence: { groupOrder },
        ...rest,
      },
    };
  };
  const door = (name: keyof typeof ofDoor) =>
    project(name, isWhole ? ofDoor[name] : sample, { env: { PULUMI_BIGDATA_DOOR: name } });
  return {
    test: {
      globalSetup: ["test/setup.ts"],
      testTimeout: 180_000,
      hookTimeout: 60_000,
      maxWorkers: availableParallelism(),
      projects: [
        // Everything but the CLI. Scenarios call the provider's service in the test's own process, and share it: several
        // providers live there, one after the other and at once.
        project("direct", ["test/**/*.test.ts"], {
          exclude: ["test/e2e/**", ...(isWhole ? [] : long)],
          isolate: false,
        }),
        // The two front doors as Pulumi starts them.
        door("dynamic"),
        door("plugin"),
        // All scenarios again, where each `up` is announced by a plan first, and has to do just that.
        ...(isAll
          ? [
              project(
                "announced",
                ["test/scenarios/**/*.test.ts", "test/doors/{cancel,pluginStacks}.test.ts"],
                {
                  exclude: withoutPlan,
                  isolate: false,
                  env: { PULUMI_BIGDATA_ANNOUNCED: "1" },
                },
              ),
            ]
          : []),
        // With the real CLI. It builds this package again, so that nothing else may run meanwhile.
        ...(isWhole
          ? [project("e2e", ["test/e2e/**/*.test.ts"], { groupOrder: 1, setupFiles: ["test/e2e/setup.ts"] })]
          : []),
      ],
    },
  };
});

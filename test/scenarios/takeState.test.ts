// Takes the fixtures of recordedState.test.ts of the version that package.json names, once for each release:
// `PULUMI_BIGDATA_TAKE_STATE=1 npx vitest run --mode all --project dynamic --project plugin test/scenarios/takeState.test.ts`
import { describe, expect, test } from "vitest";
import { defaultFlavorId as flavorId } from "../../simulator/index";
import { idsIn, type ResourceName, record, recordedStand, resources } from "./recorded";
import { declare } from "./stand";

type Inputs = Record<string, unknown>;

interface Case {
  plain: Inputs;
  rich: Inputs;
  /** A run that deploys this beyond `plain` is killed when the cloud has done `action`. */
  killed: Inputs;
  action: string;
}

const items = (value: string) => [{ file: "ray-operator-values.yaml", key: "mode", value }];

const cases = ([nodes = [], , , groups = []]: string[][]): Record<ResourceName, Case> => ({
  EmrNodePool: {
    plain: { count: 2 },
    rich: {
      count: 3,
      tags: [{ tagKey: "team", tagValue: "reports" }],
      adopt: nodes.slice(3, 4),
      exclude: nodes.slice(4, 5),
      scaleIn: { order: "oldest", graceSeconds: 60 },
      startServiceAfterScaleOut: true,
      preExecutedFileSettings: [
        {
          cosFileUri: "https://scripts.invalid/prepare.sh",
          whenRun: "resourceAfter",
          args: ["fake-argument"],
        },
      ],
      timeouts: { create: "50m" },
    },
    killed: { count: 4 },
    action: "ScaleOutInstance",
  },
  EmrServiceState: {
    plain: { state: "running", restartTriggers: { config: "1" } },
    rich: {
      state: "stopped",
      components: ["NodeManager"],
      maintenance: true,
      restartTriggers: { config: "1" },
      restart: { rolling: true, batchSize: 2, waitSeconds: 5, onFailure: "continue" },
      onDelete: "running",
    },
    killed: { restartTriggers: { config: "2" } },
    action: "StartStopServiceOrMonitor",
  },
  DlcEngineImage: {
    plain: { imageVersion: "SuperSQL-S 1.0", allowSuspended: true },
    rich: {
      imageVersion: "SuperSQL-S 3.5",
      allowSuspended: true,
      childVersion: "latest",
      onDelete: "restorePrevious",
      timeouts: { update: "40m" },
    },
    killed: { imageVersion: "SuperSQL-S 3.5" },
    action: "SwitchDataEngineImage",
  },
  DdmNodeGroup: {
    plain: { flavorId, nodeCount: 2 },
    rich: {
      flavorId,
      groupId: groups[0],
      nodeCount: 3,
      scaleIn: { allowed: true },
      onDelete: "shrinkToInitial",
    },
    killed: { nodeCount: 4 },
    action: "EnlargeInstance",
  },
  EmrApplicationState: {
    plain: {
      application: "Ray",
      components: ["RayOperator"],
      state: "running",
      restartTriggers: { image: "1" },
      applicationConfigs: items("fake-secret-1"),
    },
    rich: {
      application: "RAY",
      components: ["RayCluster"],
      releaseName: "serving",
      state: "stopped",
      restartTriggers: { image: "1" },
      actionParams: { force: "true" },
      onDelete: "running",
    },
    killed: { restartTriggers: { image: "2" }, applicationConfigs: items("fake-secret-2") },
    action: "RunApplicationAction",
  },
});

describe.each(Object.keys(resources) as ResourceName[])("%s", (name) => {
  async function deployed(choose: (all: Case) => Inputs) {
    const { stand, killAt } = await recordedStand();
    const all = cases(idsIn(stand.sim))[name];
    const deploy = (inputs: Inputs) => {
      declare(stand, resources[name](inputs));
      return stand.stack.up();
    };
    expect((await deploy(choose(all))).error).toBeUndefined();
    return { stand, killAt, all, deploy };
  }

  test.each(["plain", "rich"] as const)("%s", async (form) => {
    const { stand, all } = await deployed((each) => each[form]);
    await record(stand, name, form, all[form]);
  });

  test("killed, and open", async () => {
    const { stand, killAt, all, deploy } = await deployed(({ plain }) => plain);
    const inputs = { ...all.plain, ...all.killed };
    killAt(all.action, "acted");
    expect((await deploy(inputs)).ok).toBe(false);
    await record(stand, name, "killed", inputs);
    expect((await stand.stack.refresh()).error).toBeUndefined();
    await record(stand, name, "open", inputs);
  });
});

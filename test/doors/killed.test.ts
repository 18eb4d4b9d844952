// Kills of a real process (SIGKILL), one for each resource and phase: what killedAtEachCall.test.ts does in process, at every
// call. The next run makes the change once.
import { describe, expect, test } from "vitest";
import type { UpdateResult } from "../drivers/driver";
import { everyType } from "../everyType";
import { declare, makeKillableStand, pool } from "../scenarios/stand";
import { newVersion, withApplication, withEngine, withInstance, withService } from "../scenarios/subjects";

interface Subject extends Pick<Awaited<ReturnType<typeof makeKillableStand>>, "stand" | "killAt"> {
  /** Deploys what `change` brings about. */
  up(): Promise<UpdateResult>;
  change: string;
}

const subjects: Record<string, () => Promise<Subject>> = {
  async "tencent:EmrNodePool"() {
    const { stand, killAt } = await makeKillableStand();
    declare(stand, pool(stand, 2));
    return { stand, killAt, up: () => stand.stack.up(), change: "ScaleOutInstance" };
  },
  async "tencent:EmrServiceState"() {
    const { stand, killAt, deploy } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    const up = () => deploy({ state: "running", restartTriggers: { config: "2" } });
    return { stand, killAt, up, change: "StartStopServiceOrMonitor" };
  },
  async "tencent:DlcEngineImage"() {
    const { stand, killAt, deploy } = await withEngine();
    return { stand, killAt, up: () => deploy({ imageVersion: newVersion }), change: "SwitchDataEngineImage" };
  },
  async "huawei:DdmNodeGroup"() {
    const { stand, killAt, deploy } = await withInstance();
    return { stand, killAt, up: () => deploy(4), change: "EnlargeInstance" };
  },
  async "volcengine:EmrApplicationState"() {
    const { stand, killAt, deploy } = await withApplication();
    await deploy({ restartTriggers: { image: "1" } });
    const up = () => deploy({ restartTriggers: { image: "2" } });
    return { stand, killAt, up, change: "RunApplicationAction" };
  },
};

describe.each(everyType(subjects))("%s", (_type, prepare) => {
  test.each(["received", "acted"] as const)("killed once the cloud has %s it", async (phase) => {
    const { stand, killAt, up, change } = await prepare();
    killAt(change, phase);
    expect((await up()).ok).toBe(false);
    expect((await up()).error).toBeUndefined();
    const made = stand.sim.journal.filter(({ action, acted }) => acted && action === change);
    expect(made).toHaveLength(1);
    expect((await up()).steps.filter(({ op, type }) => op !== "same" && !type.startsWith("pulumi:"))).toEqual(
      [],
    );
  });
});

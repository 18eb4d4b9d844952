// The engine dies after the provider has done everything and before it has saved the reply: the next run starts from
// the state before, and must do nothing a second time.
import { expect, test } from "vitest";
import type { UpdateResult } from "../drivers/driver";
import { everyType } from "../everyType";
import { declare, makeStand, pool, type Stand, stateOf } from "./stand";
import {
  bought,
  newVersion,
  operations,
  switches,
  withApplication,
  withEngine,
  withInstance,
  withService,
} from "./subjects";

/** Runs an update whose result is lost, then runs it again. */
async function twice(stand: Stand, up: () => Promise<UpdateResult>): Promise<UpdateResult> {
  const before = await stand.stack.exportState();
  expect((await up()).error).toBeUndefined();
  await stand.stack.importState(before);
  const again = await up();
  expect(again.error).toBeUndefined();
  return again;
}

const stories: Record<string, () => Promise<void>> = {
  async "tencent:EmrNodePool"() {
    const stand = await makeStand();
    declare(stand, pool(stand, 2));
    // What a create has handed over may be in another stack's state by now: it is named, and not taken over silently.
    const before = await stand.stack.exportState();
    expect((await stand.stack.up()).error).toBeUndefined();
    await stand.stack.importState(before);
    const { error } = await stand.stack.up();
    for (const id of stand.nodeIds()) expect(error).toContain(id);
    expect(stand.bought()).toBe(2);
    declare(stand, pool(stand, 2, { adopt: stand.nodeIds() }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.bought()).toBe(2);
    declare(stand, pool(stand, 3));
    await twice(stand, () => stand.stack.up());
    expect([stand.bought(), stand.nodeIds().length]).toEqual([3, 3]);
  },

  async "tencent:EmrServiceState"() {
    const { stand, deploy } = await withService();
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    await twice(stand, () => deploy({ state: "running", restartTriggers: { config: "2" } }));
    expect(operations(stand)).toEqual(["RestartService"]);
    // The same triggers again, after others, are a change like any other.
    await deploy({ state: "running", restartTriggers: { config: "1" } });
    await deploy({ state: "running", restartTriggers: { config: "2" } });
    expect(operations(stand)).toEqual(["RestartService", "RestartService", "RestartService"]);
  },

  async "tencent:DlcEngineImage"() {
    const { stand, deploy, versionOf } = await withEngine();
    await twice(stand, () => deploy());
    expect(switches(stand)).toBe(1);
    expect(await stateOf(stand, "image")).toMatchObject({ imageVersionId: versionOf(newVersion) });
  },

  async "huawei:DdmNodeGroup"() {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(2);
    await twice(stand, () => deploy(4));
    expect([bought(stand), nodes().length]).toEqual([2, 4]);
  },

  async "volcengine:EmrApplicationState"() {
    const { stand, deploy, actions } = await withApplication();
    await deploy({ restartTriggers: { image: "1" } });
    await twice(stand, () => deploy({ restartTriggers: { image: "2" } }));
    expect(actions()).toEqual(["restart"]);
    await deploy({ restartTriggers: { image: "1" } });
    await deploy({ restartTriggers: { image: "2" } });
    expect(actions()).toEqual(["restart", "restart", "restart"]);
  },
};

test.each(everyType(stories))("%s: what was done and not recorded is done once", (_, story) => story());

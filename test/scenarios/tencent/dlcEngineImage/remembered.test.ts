// What a killed run has done to a DLC engine, and what an update does beside what it announced.
import { describe, expect, test } from "vitest";
import type { UpdateResult } from "../../../drivers/driver";
import { declare, engineImage, type Stand, stateOf, stepsOf } from "../../stand";
import { dataEngineId, newVersion, oldVersion, switches, withEngine } from "../../subjects";

const minutes = (count: number) => count * 60_000;
const told = ({ messages }: UpdateResult) => messages.map(({ message }) => message).join("\n");

/** The engine runs the old version, and a run that was to switch it is killed; then the inputs are set back. */
async function killedSwitch(
  fixture: Parameters<typeof withEngine>[0] = {},
  more: Record<string, unknown> = {},
) {
  const subject = await withEngine({ imageVersion: oldVersion, ...fixture });
  const { stand, deploy } = subject;
  const inputs = { imageVersion: oldVersion, ...more };
  expect((await deploy(inputs)).error).toBeUndefined();
  const kill = async (action: string, phase: "received" | "acted") => {
    subject.killAt(action, phase);
    expect((await deploy({ ...inputs, imageVersion: newVersion })).ok).toBe(false);
    declare(stand, engineImage({ dataEngineId, ...inputs }));
  };
  return { ...subject, inputs, kill };
}

/** Another machine has changed the engine since. */
async function changedElsewhere({ stack }: Stand, outputs: Record<string, unknown> = {}) {
  const state = await stack.exportState();
  const image = state.deployment.resources?.find(({ urn }) => urn.endsWith("::image"));
  if (!image?.outputs) return expect.unreachable("there is no state");
  Object.assign(image.outputs, { lastRequestId: "from-elsewhere", ...outputs });
  return stack.importState(state);
}

describe("an engine that a killed run has resumed", () => {
  const resumed = async (more: Record<string, unknown> = {}) => {
    const subject = await killedSwitch({ state: 1 }, { allowSuspended: true, ...more });
    await subject.kill("SwitchDataEngineImage", "received");
    expect(subject.engine.state).toBe(2);
    return subject;
  };

  test("is suspended again by the next up, as its plan says, though the inputs are set back", async () => {
    const { stand, engine, deploy, inputs } = await resumed();
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update image"]);
    expect(told(preview)).toMatch(/suspend the engine again/);
    const up = await deploy(inputs);
    expect(up.error).toBeUndefined();
    stand.sim.clock.advance(minutes(5));
    expect([engine.state, switches(stand)]).toEqual([1, 1]);
    expect(stepsOf(await deploy(inputs))).toEqual([]);
    expect(await stateOf(stand, "image")).not.toHaveProperty("resumedForChange");
  });

  test("shows in a refresh", async () => {
    const { stand } = await resumed();
    expect(stepsOf(await stand.stack.refresh())).toEqual(["update image"]);
    expect(await stateOf(stand, "image")).toMatchObject({ resumedForChange: true });
  });

  test.each(["update", "create"])(
    "is suspended again though a killed %s ended by itself, and state shows the version",
    async (operation) => {
      const fixture = { state: 1 };
      const more = { allowSuspended: true };
      const isNew = operation === "create";
      const { stand, engine, deploy, killAt } = isNew
        ? await withEngine(fixture)
        : await killedSwitch(fixture, more);
      killAt("SwitchDataEngineImage", "acted");
      expect((await deploy(more)).ok).toBe(false);
      stand.sim.clock.advance(minutes(30));
      if (isNew) {
        const what = { type: engineImage({}).type, name: "image", id: dataEngineId };
        expect((await stand.stack.importResource(what)).error).toBeUndefined();
      } else expect(stepsOf(await stand.stack.refresh())).toEqual(["update image"]);
      expect(await stateOf(stand, "image")).toMatchObject({ imageVersion: newVersion });
      expect(engine.state).toBe(2);
      declare(stand, engineImage({ dataEngineId, imageVersion: newVersion, ...more }));
      const preview = await stand.stack.preview();
      expect(stepsOf(preview)).toEqual(["update image"]);
      expect(told(preview)).toMatch(/suspend the engine again/);
      expect((await stand.stack.up()).error).toBeUndefined();
      stand.sim.clock.advance(minutes(5));
      expect([engine.state, switches(stand)]).toEqual([1, 1]);
      expect(stepsOf(await stand.stack.preview())).toEqual([]);
    },
  );

  test("is said to run and to be billed when it is left", async () => {
    const { stand } = await resumed();
    const result = await stand.stack.destroy();
    expect(result.error).toBeUndefined();
    expect(told(result)).toMatch(/was resumed for a change that did not finish, and runs and is billed/);
  });

  test("is suspended where deleting has the version to look after", async () => {
    const { stand, engine } = await resumed({ onDelete: "restorePrevious" });
    expect((await stand.stack.destroy()).error).toBeUndefined();
    stand.sim.clock.advance(minutes(5));
    expect(engine.state).toBe(1);
  });

  test("is left alone once another machine has moved on", async () => {
    const { stand, engine, inputs, deploy } = await resumed();
    await changedElsewhere(stand, { engineState: "running" });
    expect(stepsOf(await deploy(inputs))).toEqual([]);
    stand.sim.clock.advance(minutes(5));
    expect(engine.state).toBe(2);
  });

  test("is suspended even where the resumption shows only later", async () => {
    const { stand, engine, kill, deploy, inputs } = await killedSwitch(
      { state: 1 },
      { allowSuspended: true },
    );
    await kill("SuspendResumeDataEngine", "acted");
    engine.state = 1;
    let looks = 0;
    const stop = stand.sim.onCall(({ action, phase }) => {
      if (action !== "DescribeDataEngines" || phase !== "received") return undefined;
      looks += 1;
      if (looks < 8) engine.state = engine.state === 2 ? 2 : 1;
      else stop();
      return undefined;
    });
    expect((await deploy(inputs)).error).toBeUndefined();
    stand.sim.clock.advance(minutes(5));
    expect(engine.state).toBe(1);
  });
});

describe("a switch whose run was killed", () => {
  test("is looked after by the next up, as its plan says, though the version is set back", async () => {
    const { stand, engine, versionOf, kill, deploy, inputs } = await killedSwitch();
    // The engine shows nothing of it for a while.
    stand.sim.settings.imageChangeLingerMilliseconds = minutes(40);
    await kill("SwitchDataEngineImage", "acted");
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update image"]);
    expect(told(preview)).toMatch(/look what became of the switch to SuperSQL-S 3\.5/);
    expect(told(preview)).toMatch(/it is switched back to SuperSQL-S 1\.0/);
    expect((await deploy(inputs)).error).toBeUndefined();
    stand.sim.clock.advance(minutes(30));
    expect([engine.imageVersionId, switches(stand)]).toEqual([versionOf(oldVersion), 2]);
    expect(stepsOf(await deploy(inputs))).toEqual([]);
  });

  test("shows in a refresh, whether the engine shows it or not", async () => {
    const { stand, kill, deploy, inputs } = await killedSwitch();
    stand.sim.settings.imageChangeLingerMilliseconds = minutes(40);
    await kill("SwitchDataEngineImage", "acted");
    expect(stepsOf(await stand.stack.refresh())).toEqual(["update image"]);
    expect(await stateOf(stand, "image")).toMatchObject({
      imageVersion: oldVersion,
      pendingSwitch: { imageVersion: newVersion },
    });
    stand.sim.clock.advance(minutes(30));
    expect(stepsOf(await stand.stack.refresh())).toEqual(["update image"]);
    expect(await stateOf(stand, "image")).toMatchObject({ imageVersion: newVersion });
    expect(await stateOf(stand, "image")).not.toHaveProperty("pendingSwitch");
    expect((await deploy(inputs)).error).toBeUndefined();
    expect(await stateOf(stand, "image")).toMatchObject({ imageVersion: oldVersion });
  });

  test("is settled without another where it never reached the cloud", async () => {
    const { stand, kill, deploy, inputs } = await killedSwitch();
    await kill("SwitchDataEngineImage", "received");
    expect(stepsOf(await deploy(inputs))).toEqual(["update image"]);
    expect(switches(stand)).toBe(1);
    expect(stepsOf(await deploy(inputs))).toEqual([]);
    expect(stepsOf(await stand.stack.refresh())).toEqual([]);
  });

  test("is told where the engine is left", async () => {
    const { stand, kill } = await killedSwitch();
    await kill("SwitchDataEngineImage", "acted");
    const result = await stand.stack.destroy();
    expect(result.error).toBeUndefined();
    expect(told(result)).toMatch(/has sent engine reports to SuperSQL-S 3\.5, which may still come/);
  });

  test("undoes nothing once another machine has moved on", async () => {
    const { stand, engine, kill, deploy, versionOf } = await killedSwitch();
    await kill("SwitchDataEngineImage", "acted");
    stand.sim.clock.advance(minutes(30));
    await stand.stack.refresh();
    await changedElsewhere(stand);
    expect(stepsOf(await deploy({ imageVersion: newVersion }))).toEqual([]);
    expect(engine.imageVersionId).toBe(versionOf(newVersion));
    expect(switches(stand)).toBe(1);
  });

  test("is remembered from a run that ended early, too", async () => {
    const { stand, engine, deploy, inputs, versionOf } = await killedSwitch();
    stand.sim.settings.imageChangeLingerMilliseconds = minutes(400);
    expect((await deploy({ imageVersion: newVersion })).error).toMatch(/Gave up waiting/);
    expect(await stateOf(stand, "image")).toMatchObject({ pendingSwitch: { imageVersion: newVersion } });
    stand.sim.clock.advance(minutes(20));
    expect(stepsOf(await deploy(inputs))).toEqual(["update image"]);
    stand.sim.clock.advance(minutes(60));
    expect(engine.imageVersionId).toBe(versionOf(oldVersion));
  });
});

describe("an update does what it announced", () => {
  test.each<[string, Record<string, unknown>]>([
    ["onDelete", { onDelete: "restorePrevious" }],
    ["timeouts", { timeouts: { update: "40m" } }],
    ["childVersion", { childVersion: "latest" }],
  ])("and with another %s switches nothing that somebody else has switched since", async (_name, more) => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    expect((await deploy()).error).toBeUndefined();
    stand.sim.dlc.moveVersion(dataEngineId, versionOf(oldVersion));
    const result = await deploy(more);
    expect(result.error).toBeUndefined();
    expect([engine.imageVersionId, switches(stand)]).toEqual([versionOf(oldVersion), 1]);
    expect(told(result)).toMatch(/runs SuperSQL-S 1\.0, not SuperSQL-S 3\.5.*`pulumi refresh`/);
    expect(await stateOf(stand, "image")).toMatchObject({ imageVersion: oldVersion, ...more });
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update image"]);
    expect(told(preview)).toMatch(/switch from SuperSQL-S 1\.0 to SuperSQL-S 3\.5/);
    expect((await deploy(more)).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(newVersion));
  });

  test("and installs no minor version that has come out since", async () => {
    const { stand, versionOf, deploy } = await withEngine();
    expect((await deploy({ childVersion: "latest" })).error).toBeUndefined();
    stand.sim.dlc.createChildImage(versionOf(newVersion));
    const more = { childVersion: "latest", onDelete: "restorePrevious" };
    const result = await deploy(more);
    expect(result.error).toBeUndefined();
    expect(stand.changes()).not.toContain("UpgradeDataEngineImage");
    expect(told(result)).toMatch(/a newer minor version has come out.*`pulumi refresh`/);
    expect((await deploy(more)).error).toBeUndefined();
    expect(stand.changes()).toContain("UpgradeDataEngineImage");
  });

  test("and says where its limit is too short for it", async () => {
    const { stand, deploy } = await withEngine();
    expect((await deploy()).error).toBeUndefined();
    declare(stand, engineImage({ dataEngineId, imageVersion: oldVersion, timeouts: { update: "1m" } }));
    expect(told(await stand.stack.preview())).toMatch(
      /usually takes about 5 min, and timeouts\.update is 1m/,
    );
  });
});

test("an engine that is gone is told with the way out", async () => {
  const { stand, deploy } = await withEngine();
  expect((await deploy()).error).toBeUndefined();
  stand.sim.dlc.destroyEngine(dataEngineId);
  expect((await deploy({ imageVersion: oldVersion })).error).toMatch(
    /does not exist in ap-guangzhou.*run `pulumi refresh`/,
  );
});

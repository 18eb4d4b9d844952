// DLC engines that others have their hands on: what suspends them, holds them, withdraws their versions or resumes them.
import { describe, expect, test } from "vitest";
import type { Fault, Settings } from "../../../../simulator/index";
import type { UpdateResult } from "../../../drivers/driver";
import { type Stand, stateOf, stepsOf } from "../../stand";
import { dataEngineId, newVersion, oldVersion, switches, withEngine } from "../../subjects";

const minutes = (count: number) => count * 60_000;
const told = ({ messages }: UpdateResult) => messages.map(({ message }) => message).join("\n");

describe("an engine that is suspended after a switch", () => {
  /** Somebody or something suspends the engine once this is so. */
  function suspendOnce({ sim }: Stand, isSo: () => boolean, action = "DescribeDataEngines") {
    const remove = sim.onCall((event) => {
      if (event.action !== action || event.phase !== "received" || !isSo()) return undefined;
      remove();
      sim.dlc.changeEngine(dataEngineId, { state: 1, change: undefined });
      return undefined;
    });
  }

  test("with the new version is done", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine({ autoSuspend: true });
    suspendOnce(stand, () => engine.imageVersionId === versionOf(newVersion));
    const before = stand.sim.clock.now();
    expect((await deploy()).error).toBeUndefined();
    expect(stand.sim.clock.now() - before).toBeLessThan(minutes(3));
    expect(stand.changes()).toEqual(["SwitchDataEngineImage"]);
    expect(await stateOf(stand, "image")).toMatchObject({
      imageVersion: newVersion,
      engineState: "suspended",
    });
    expect(stepsOf(await stand.stack.refresh())).toEqual([]);
  });

  test("with the new minor version is done", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine({
      imageVersion: newVersion,
      childImageVersion: `${newVersion}.1`,
    });
    const newest = stand.sim.dlc.newestChild(stand.sim.dlc.image(versionOf(newVersion))).imageVersionId;
    suspendOnce(stand, () => engine.childImageVersionId === newest);
    const before = stand.sim.clock.now();
    expect((await deploy({ childVersion: "latest" })).error).toBeUndefined();
    expect(stand.sim.clock.now() - before).toBeLessThan(minutes(3));
    expect(stand.changes()).toEqual(["UpgradeDataEngineImage"]);
  });

  test("with the old version is waited for, and then told, and nothing is sent again", async () => {
    const { stand, engine, deploy } = await withEngine();
    suspendOnce(stand, () => engine.change !== undefined);
    const before = stand.sim.clock.now();
    expect((await deploy()).error).toMatch(
      /SwitchDataEngineImage on .* did not take: the engine is suspended, and still has SuperSQL-S 1\.0 .*allowSuspended/,
    );
    const taken = stand.sim.clock.now() - before;
    expect(taken).toBeGreaterThan(minutes(9));
    expect(taken).toBeLessThan(minutes(15));
    expect(stand.changes()).toEqual(["SwitchDataEngineImage"]);
    expect(await stateOf(stand, "image")).toMatchObject({
      imageVersion: oldVersion,
      engineState: "suspended",
    });
  });

  test("with the old version gets there where it is resumed in time", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    suspendOnce(stand, () => engine.change !== undefined);
    let looks = 0;
    stand.sim.onCall(({ action, phase }) => {
      if (action !== "DescribeDataEngines" || phase !== "received" || engine.state !== 1) return undefined;
      looks += 1;
      if (looks < 3) return undefined;
      stand.sim.dlc.moveVersion(dataEngineId, versionOf(newVersion));
      engine.state = 2;
      return undefined;
    });
    expect((await deploy()).error).toBeUndefined();
    expect(switches(stand)).toBe(1);
  });
});

describe("a version that cannot be restored does not keep the resource from being deleted", () => {
  const restoring = async (fixture: Parameters<typeof withEngine>[0] = {}, more: object = {}) => {
    const subject = await withEngine(fixture);
    expect((await subject.deploy({ onDelete: "restorePrevious", ...more })).error).toBeUndefined();
    return subject;
  };
  const refused = (code: string): Fault => ({ kind: "error", code, action: "SwitchDataEngineImage" });

  test.each<[string, (stand: Stand) => void, RegExp, number]>([
    [
      "since it is no longer on offer",
      ({ sim }) => sim.dlc.withdrawImage(oldVersion),
      /cannot be restored: it is no longer on offer\. Engine reports keeps SuperSQL-S 3\.5/,
      1,
    ],
    [
      "since it is not online",
      ({ sim }) => {
        sim.dlc.image(oldVersion).state = 3;
      },
      /version SuperSQL-S 1\.0 cannot be restored: it is not online\. Engine reports keeps SuperSQL-S 3\.5/,
      1,
    ],
    ...[
      "ResourceNotFound.ImageVersionNotFound",
      "ResourceNotFound.ImageVersionNotActivity",
      "InvalidParameter.ImageStateNotMatch",
    ].map((code): [string, (stand: Stand) => void, RegExp, number] => [
      `since a switch to it is refused with ${code}`,
      ({ sim }) => sim.faults.add(refused(code)),
      new RegExp(
        `SuperSQL-S 1\\.0 cannot be restored: .*\\(code ${code}, RequestId .*keeps SuperSQL-S 3\\.5`,
      ),
      2,
    ]),
  ])("%s", async (_name, withdraw, warning, sent) => {
    const { stand, engine, versionOf } = await restoring();
    const version = versionOf(newVersion);
    withdraw(stand);
    const result = await stand.stack.destroy();
    expect(result.error).toBeUndefined();
    expect(told(result)).toMatch(warning);
    expect(await stateOf(stand, "image")).toBeUndefined();
    stand.sim.clock.advance(minutes(10));
    expect([engine.imageVersionId, engine.state, switches(stand)]).toEqual([version, 2, sent]);
  });

  test("and a suspended engine is not resumed for it", async () => {
    const { stand, engine } = await restoring({}, { allowSuspended: true });
    engine.state = 1;
    stand.sim.dlc.withdrawImage(oldVersion);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.changes()).toEqual(["SwitchDataEngineImage"]);
  });

  test("and an engine that was resumed for it is suspended again", async () => {
    const { stand, engine } = await restoring({}, { allowSuspended: true });
    engine.state = 1;
    stand.sim.faults.add(refused("ResourceNotFound.ImageVersionNotActivity"));
    const result = await stand.stack.destroy();
    expect(result.error).toBeUndefined();
    expect(told(result)).toMatch(/cannot be restored/);
    stand.sim.clock.advance(minutes(10));
    expect(engine.state).toBe(1);
  });

  test("but one that is on offer, and refused for another reason, does", async () => {
    const { stand } = await restoring();
    stand.sim.faults.add(refused("FailedOperation.NoPermissionToUseTheDataEngine"));
    expect((await stand.stack.destroy()).error).toMatch(/NoPermissionToUseTheDataEngine/);
    expect(await stateOf(stand, "image")).toMatchObject({ imageVersion: newVersion });
  });

  test("nor is it taken for withdrawn since the list of versions is cut", async () => {
    const { stand, engine, versionOf } = await restoring();
    stand.sim.settings.imageVersionsShown = 1;
    expect((await stand.stack.destroy()).error).toMatch(/counts 3 image versions .* shows only 1/);
    stand.sim.settings.imageVersionsShown = null;
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(oldVersion));
  });
});

describe("an engine that another operation holds", () => {
  const codes: Settings["heldEngineCode"][] = [
    "FailedOperation.AnotherProcessRunning",
    "FailedOperation.AnotherRequestProcessing",
    "InvalidParameter.InstanceInProcess",
    "ResourceNotFound.DataEngineNotRunning",
  ];
  const held = [15, 25].flatMap((time) => codes.map((code) => ({ time, code })));
  // What is waited for has to leave time for the change itself.
  const timeouts = { create: "45m" };

  test.each(held)("$time minutes with $code is waited for, and switched once", async ({ time, code }) => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    stand.sim.settings.heldEngineCode = code;
    stand.sim.dlc.holdEngine(dataEngineId, minutes(time));
    expect((await deploy({ timeouts })).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(newVersion));
    const accepted = stand.sim.journal.filter(({ action, acted }) => action.startsWith("Switch") && acted);
    expect(accepted).toHaveLength(1);
  });

  test.each([15, 25])("%s minutes is upgraded then", async (time) => {
    const { stand, engine, deploy } = await withEngine({
      imageVersion: newVersion,
      childImageVersion: `${newVersion}.1`,
    });
    const before = engine.childImageVersionId;
    stand.sim.dlc.holdEngine(dataEngineId, minutes(time));
    expect((await deploy({ childVersion: "latest", timeouts })).error).toBeUndefined();
    expect(engine.childImageVersionId).not.toBe(before);
  });

  test.each([15, 25])("%s minutes is resumed, switched and suspended then", async (time) => {
    const { stand, engine, versionOf, deploy } = await withEngine({ state: 1 });
    stand.sim.dlc.holdEngine(dataEngineId, minutes(time));
    expect((await deploy({ allowSuspended: true, timeouts })).error).toBeUndefined();
    expect([engine.state, engine.imageVersionId]).toEqual([1, versionOf(newVersion)]);
  });

  test("15 minutes after the switch is suspended again then", async () => {
    const { stand, engine, deploy } = await withEngine({ state: 1 });
    stand.sim.faults.add({
      kind: "busy",
      milliseconds: minutes(15),
      action: "SuspendResumeDataEngine",
      skip: 1,
    });
    expect((await deploy({ allowSuspended: true })).error).toBeUndefined();
    expect(engine.state).toBe(1);
  });

  test("longer than the limit is told with the cloud's word and the option to raise", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    stand.sim.dlc.holdEngine(dataEngineId, minutes(60));
    expect((await deploy()).error).toMatch(
      /AnotherProcessRunning, RequestId .*Raise timeouts\.create \(now 30m\)/,
    );
    stand.sim.clock.advance(minutes(60));
    expect((await deploy()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(newVersion));
  });

  test("longer than the limit when it is to be resumed, too", async () => {
    const { stand, deploy } = await withEngine({ state: 1 });
    stand.sim.dlc.holdEngine(dataEngineId, minutes(60));
    expect((await deploy({ allowSuspended: true })).error).toMatch(
      /AnotherProcessRunning.*Raise timeouts\.create/,
    );
  });

  test("at first, and whose switch then lingers, is not switched again", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine();
    stand.sim.settings.imageChangeLingerMilliseconds = 4_000_000;
    stand.sim.dlc.holdEngine(dataEngineId, minutes(5));
    expect((await deploy()).error).toBeUndefined();
    expect(engine.imageVersionId).toBe(versionOf(newVersion));
    const outcomes = stand.sim.journal
      .filter(({ action }) => action === "SwitchDataEngineImage")
      .map(({ outcome }) => outcome);
    expect(outcomes.indexOf("ok")).toBe(outcomes.length - 1);
  });

  test("so that it cannot be asked for a newer minor version is waited for", async () => {
    const { stand, engine, deploy } = await withEngine({
      imageVersion: newVersion,
      childImageVersion: `${newVersion}.1`,
    });
    const code = "FailedOperation.AnotherProcessRunning";
    stand.sim.faults.add({ kind: "error", code, action: "CheckDataEngineImageCanBeUpgrade", times: 5 });
    const before = engine.childImageVersionId;
    expect((await deploy({ childVersion: "latest", timeouts })).error).toBeUndefined();
    expect(engine.childImageVersionId).not.toBe(before);
    stand.sim.faults.add({ kind: "error", code, action: "CheckDataEngineImageCanBeUpgrade" });
    expect(stepsOf(await stand.stack.refresh())).toEqual([]);
  });
});

describe("a resume that is refused is not remembered as made", () => {
  const refusal: Fault = {
    kind: "error",
    code: "UnauthorizedOperation.OperateComputingEngine",
    action: "SuspendResumeDataEngine",
  };

  test("so that an engine that was resumed by hand then is left running", async () => {
    const { stand, engine, versionOf, deploy } = await withEngine({ state: 1 });
    stand.sim.faults.add(refusal);
    const { error } = await deploy({ allowSuspended: true });
    expect(error).toMatch(/OperateComputingEngine/);
    expect(error).not.toMatch(/was resumed for this/);
    expect(await stateOf(stand, "image")).toBeUndefined();
    engine.state = 2;
    expect((await deploy({ allowSuspended: true })).error).toBeUndefined();
    stand.sim.clock.advance(minutes(10));
    expect([engine.state, engine.imageVersionId]).toEqual([2, versionOf(newVersion)]);
    expect(stand.changes()).toEqual(["SuspendResumeDataEngine", "SwitchDataEngineImage"]);
  });

  test("nor in what an update records", async () => {
    const { stand, engine, deploy } = await withEngine();
    expect((await deploy()).error).toBeUndefined();
    engine.state = 1;
    stand.sim.faults.add(refusal);
    const inputs = { imageVersion: oldVersion, allowSuspended: true };
    expect((await deploy(inputs)).ok).toBe(false);
    expect(await stateOf(stand, "image")).not.toHaveProperty("resumedForChange");
    engine.state = 2;
    expect((await deploy(inputs)).error).toBeUndefined();
    stand.sim.clock.advance(minutes(10));
    expect(engine.state).toBe(2);
  });

  test("nor where an earlier one was, and the engine was suspended since", async () => {
    const { stand, engine, deploy } = await withEngine();
    expect((await deploy()).error).toBeUndefined();
    engine.state = 1;
    const inputs = { imageVersion: oldVersion, allowSuspended: true };
    stand.sim.faults.add({
      kind: "error",
      code: "FailedOperation.NoPermissionToUseTheDataEngine",
      action: "SwitchDataEngineImage",
    });
    expect((await deploy(inputs)).ok).toBe(false);
    expect(await stateOf(stand, "image")).toMatchObject({ resumedForChange: true });
    engine.state = 1;
    stand.sim.faults.add(refusal);
    expect((await deploy(inputs)).ok).toBe(false);
    expect(await stateOf(stand, "image")).not.toHaveProperty("resumedForChange");
    engine.state = 2;
    expect((await deploy(inputs)).error).toBeUndefined();
    stand.sim.clock.advance(minutes(10));
    expect(engine.state).toBe(2);
  });

  test("nor one that came from somebody else while it was busy", async () => {
    const { stand, engine, deploy } = await withEngine({ state: 1 });
    stand.sim.dlc.holdEngine(dataEngineId, minutes(5));
    let refused = false;
    stand.sim.onCall(({ action, phase }) => {
      if (phase !== "received") return undefined;
      if (refused && action === "DescribeDataEngines") Object.assign(engine, { state: 2, heldUntil: 0 });
      refused = action === "SuspendResumeDataEngine";
      return undefined;
    });
    expect((await deploy({ allowSuspended: true })).error).toBeUndefined();
    stand.sim.clock.advance(minutes(10));
    expect(engine.state).toBe(2);
  });

  test("but one whose request was lost is, since it may have gone through", async () => {
    const { stand, engine, deploy } = await withEngine({ state: 1 });
    stand.sim.faults.add({ kind: "dropAnswer", action: "SuspendResumeDataEngine" });
    expect((await deploy({ allowSuspended: true })).error).toBeUndefined();
    stand.sim.clock.advance(minutes(10));
    expect(engine.state).toBe(1);
  });
});

test("what a killed run has resumed is told by a delete, and forgotten with it", async () => {
  const { stand, killAt, engine, deploy } = await withEngine();
  expect((await deploy()).error).toBeUndefined();
  engine.state = 1;
  killAt("SwitchDataEngineImage", "received");
  expect((await deploy({ imageVersion: oldVersion, allowSuspended: true })).ok).toBe(false);
  const gone = await stand.stack.destroy();
  expect(gone.error).toBeUndefined();
  expect(told(gone)).toMatch(/was resumed for a change .* runs and is billed: suspend it/);
  // Whoever runs it from now on does not want it suspended.
  expect((await deploy({ allowSuspended: true })).error).toBeUndefined();
  stand.sim.clock.advance(minutes(10));
  expect(engine.state).toBe(2);
});

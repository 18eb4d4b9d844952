// DLC: the course of a switch of an engine's image version, upgrade and rollback.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Engine,
  type EngineFixture,
  type Settings,
  type Simulator,
  startSimulator,
} from "../../simulator";
import { callDlc, describedEngine, engineId, seconds } from "./call";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

const set = (settings: Partial<Settings>) => Object.assign(simulator.settings, settings);
const create = (fixture: EngineFixture = {}) =>
  simulator.dlc.createEngine({ dataEngineId: engineId, ...fixture });
const image = (name: string) => simulator.dlc.image(name);
const child = (name: string, index: number) => image(name).children[index]?.imageVersionId ?? "";
const change = (action: string, extra: Record<string, unknown> = {}) =>
  callDlc(simulator, action, { DataEngineId: engineId, ...extra });
const switchTo = (id: string) => change("SwitchDataEngineImage", { NewImageVersionId: id });

const oldName = "SuperSQL-S 1.0";
const newName = "SuperSQL-S 3.5";

describe("the course of a switch", () => {
  interface Moment {
    after: number;
    state: number;
    version: string;
    message?: string;
  }
  const rows: { name: string; settings?: Partial<Settings>; moments: Moment[] }[] = [
    {
      name: "usual",
      moments: [
        { after: 0, state: 0, version: oldName },
        { after: 299, state: 0, version: oldName },
        { after: 300, state: 2, version: newName },
      ],
    },
    {
      name: "lingers",
      settings: { imageChangeLingerMilliseconds: seconds(30) },
      moments: [
        { after: 0, state: 2, version: oldName },
        { after: 29, state: 2, version: oldName },
        { after: 30, state: 0, version: oldName },
        { after: 329, state: 0, version: oldName },
        { after: 330, state: 2, version: newName },
      ],
    },
    {
      name: "stays in state 2",
      settings: { imageChangeState: 2 },
      moments: [
        { after: 0, state: 2, version: oldName },
        { after: 299, state: 2, version: oldName },
        { after: 300, state: 2, version: newName },
      ],
    },
    {
      name: "fails",
      settings: { imageChangeEnds: "failed" },
      moments: [
        { after: 299, state: 0, version: oldName, message: "" },
        { after: 300, state: -1, version: oldName, message: "SwitchImage failed" },
      ],
    },
    {
      name: "comes back with the old version",
      settings: { imageChangeEnds: "oldVersion" },
      moments: [
        { after: 299, state: 0, version: oldName },
        { after: 300, state: 2, version: oldName },
      ],
    },
    {
      name: "compressed",
      settings: { timeScale: 0.1 },
      moments: [
        { after: 29, state: 0, version: oldName },
        { after: 30, state: 2, version: newName },
      ],
    },
  ];
  test.each(rows)("$name", async ({ settings, moments }) => {
    set(settings ?? {});
    create();
    const start = simulator.clock.now();
    await switchTo(image(newName).imageVersionId);
    for (const { after, state, version, message } of moments) {
      simulator.clock.advance(start + seconds(after) - simulator.clock.now());
      const shown = await describedEngine(simulator);
      expect({ after, state: shown.State, version: shown.ImageVersionName }).toEqual({
        after,
        state,
        version,
      });
      if (message !== undefined) expect(shown.Message).toBe(message);
    }
  });

  test("ends with the major and its newest minor of that time", async () => {
    create();
    await switchTo(image(newName).imageVersionId);
    simulator.clock.advance(seconds(300));
    expect(await describedEngine(simulator)).toMatchObject({
      ImageVersionId: image(newName).imageVersionId,
      ChildImageVersionId: child(newName, 1),
    });
  });

  test.each(["failed", "oldVersion"] as const)("imageChangeFails strikes once: %s", async (ends) => {
    const engine = create();
    simulator.faults.add({ kind: "imageChangeFails", ends, reason: "no capacity" });
    await switchTo(image(newName).imageVersionId);
    simulator.clock.advance(seconds(300));
    expect(engine).toMatchObject({
      state: ends === "failed" ? -1 : 2,
      message: ends === "failed" ? "no capacity" : "",
      imageVersionId: image(oldName).imageVersionId,
    });
    engine.state = 2;
    await switchTo(image(newName).imageVersionId);
    simulator.clock.advance(seconds(300));
    expect(engine.imageVersionId).toBe(image(newName).imageVersionId);
  });

  test.each([
    { name: "default code", settings: {}, outcome: "ResourceNotFound.DataEngineNotActivity" },
    {
      name: "FailedOperation",
      settings: { secondImageChangeCode: "FailedOperation" },
      outcome: "FailedOperation",
    },
    {
      name: "while it lingers",
      settings: { imageChangeLingerMilliseconds: seconds(30) },
      outcome: "ResourceNotFound.DataEngineNotActivity",
    },
  ] as const)("a second change meanwhile, $name", async ({ settings, outcome }) => {
    set(settings);
    create({ childImageVersion: `${oldName}.1` });
    await switchTo(image(newName).imageVersionId);
    expect((await switchTo(image(newName).imageVersionId)).outcome).toBe(outcome);
    expect((await change("UpgradeDataEngineImage")).outcome).toBe(outcome);
  });

  describe("something else holds the engine", () => {
    const codes = [
      "FailedOperation.AnotherProcessRunning",
      "FailedOperation.AnotherRequestProcessing",
      "InvalidParameter.InstanceInProcess",
      "ResourceNotFound.DataEngineNotRunning",
    ] as const;
    test.each(codes)("%s until it lets go", async (heldEngineCode) => {
      set({ heldEngineCode });
      create({ childImageVersion: `${oldName}.1` });
      simulator.dlc.holdEngine(engineId, seconds(900));
      const attempts = () =>
        Promise.all([
          switchTo(image(newName).imageVersionId),
          change("UpgradeDataEngineImage"),
          change("RestartDataEngine"),
          callDlc(simulator, "SuspendResumeDataEngine", {
            DataEngineName: "engine-sim00001",
            Operate: "suspend",
          }),
        ]);
      expect((await attempts()).map(({ outcome }) => outcome)).toEqual(Array(4).fill(heldEngineCode));
      simulator.clock.advance(seconds(900) - 1);
      expect((await switchTo(image(newName).imageVersionId)).outcome).toBe(heldEngineCode);
      simulator.clock.advance(1);
      expect((await switchTo(image(newName).imageVersionId)).outcome).toBe("ok");
    });

    test("from the call on", async () => {
      create();
      simulator.faults.add({ kind: "busy", milliseconds: seconds(60), action: "SwitchDataEngineImage" });
      expect((await switchTo(image(newName).imageVersionId)).outcome).toBe(codes[0]);
      expect((await change("UpgradeDataEngineImage")).outcome).toBe(codes[0]);
      simulator.clock.advance(seconds(60));
      expect((await switchTo(image(newName).imageVersionId)).outcome).toBe("ok");
    });
  });

  test("an engine that is deleted meanwhile stays deleted", async () => {
    const engine = create();
    await switchTo(image(newName).imageVersionId);
    simulator.dlc.destroyEngine(engineId);
    simulator.clock.advance(seconds(300));
    expect(engine.state).toBe(-2);
    expect(await describedEngine(simulator)).toBeUndefined();
  });

  test("the answer is lost, the switch goes on", async () => {
    const engine = create();
    simulator.faults.add({ kind: "dropAnswer", action: "SwitchDataEngineImage" });
    await expect(switchTo(image(newName).imageVersionId)).rejects.toThrow("fetch failed");
    simulator.clock.advance(seconds(300));
    expect(engine.imageVersionId).toBe(image(newName).imageVersionId);
  });
});

describe("upgrade", () => {
  const check = async () => (await change("CheckDataEngineImageCanBeUpgrade")).response;

  test("to the newest minor", async () => {
    create({ childImageVersion: `${oldName}.1` });
    expect(await check()).toMatchObject({ IsUpgrade: true, ChildImageVersionId: child(oldName, 1) });
    expect((await change("UpgradeDataEngineImage")).outcome).toBe("ok");
    expect((await describedEngine(simulator)).State).toBe(0);
    simulator.clock.advance(seconds(180));
    expect(await describedEngine(simulator)).toMatchObject({
      State: 2,
      ImageVersionId: image(oldName).imageVersionId,
      ChildImageVersionId: child(oldName, 1),
    });
    expect(await check()).toMatchObject({ IsUpgrade: false, ChildImageVersionId: "" });
  });

  test("becomes possible when a minor is published", async () => {
    create();
    expect((await check()).IsUpgrade).toBe(false);
    const published = simulator.dlc.createChildImage(oldName);
    expect(await check()).toMatchObject({ IsUpgrade: true, ChildImageVersionId: published.imageVersionId });
  });

  const rows: { name: string; engine?: EngineFixture; settings?: Partial<Settings>; outcome: string }[] = [
    { name: "newest already", outcome: "ok" },
    { name: "newest already, refused", settings: { sameImageVersion: "error" }, outcome: "FailedOperation" },
    { name: "suspended", engine: { state: 1 }, outcome: "ResourceNotFound.DataEngineNotActivity" },
    {
      name: "without versions",
      engine: { imageVersion: null },
      outcome: "ResourceNotFound.DataEngineNotMultiVersion",
    },
    {
      name: "no such engine",
      engine: { dataEngineId: "DataEngine-other" },
      outcome: "ResourceNotFound.DataEngineNotFound",
    },
  ];
  test.each(rows)("$name → $outcome", async ({ engine, settings, outcome }) => {
    set(settings ?? {});
    create(engine);
    expect((await change("UpgradeDataEngineImage")).outcome).toBe(outcome);
    expect(simulator.journal.at(-1)?.acted).toBe(false);
  });
});

describe("rollback", () => {
  const check = async () => (await change("CheckDataEngineImageCanBeRollback")).response;
  const switched = async (): Promise<Engine> => {
    const engine = create({ childImageVersion: `${oldName}.1` });
    await switchTo(image(newName).imageVersionId);
    simulator.clock.advance(seconds(300));
    return engine;
  };

  test("of a switch, to the minor it had", async () => {
    const engine = await switched();
    const { IsRollback, FromRecordId, ToRecordId } = await check();
    expect(IsRollback).toBe(true);
    const reply = await change("RollbackDataEngineImage", { FromRecordId, ToRecordId });
    expect(reply.outcome).toBe("ok");
    simulator.clock.advance(seconds(180));
    expect(engine).toMatchObject({
      state: 2,
      imageVersionId: image(oldName).imageVersionId,
      childImageVersionId: child(oldName, 0),
    });
    expect(await check()).toMatchObject({ IsRollback: false, FromRecordId: "", ToRecordId: "" });
  });

  test.each([
    { name: "no ids", ids: {}, outcome: "ok" },
    { name: "an empty id", ids: { ToRecordId: "" }, outcome: "ok" },
    {
      name: "another id",
      ids: { FromRecordId: "x" },
      outcome: "InvalidParameter.DataEngineImageOperateNotMatch",
    },
  ])("$name → $outcome", async ({ ids, outcome }) => {
    await switched();
    expect((await change("RollbackDataEngineImage", ids)).outcome).toBe(outcome);
  });

  test("of nothing", async () => {
    create();
    expect((await change("RollbackDataEngineImage")).outcome).toBe(
      "InvalidParameter.DataEngineImageOperateNotMatch",
    );
  });
});

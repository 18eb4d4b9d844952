// Each switch for what RunApplicationAction does shows its effect.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import type { VolcengineSettings } from "../../simulator/volcengine/settings";
import { act, actAndEnd, clusterId, configs, getOperation, longEnough } from "./volcengineCall";

let simulator: Simulator;
const startTime = Date.parse("2026-01-02T03:04:05Z");
beforeEach(async () => {
  simulator = await startSimulator({ startTime: new Date(startTime) });
});
afterEach(() => simulator.close());

const set = (changes: Partial<VolcengineSettings>) => Object.assign(simulator.settings.volcengine, changes);
const cluster = (name = "raycluster-a") => simulator.vke.instance(clusterId, "Ray", "RayCluster", name);
const names = () => simulator.vke.actions()[0]?.targets.flatMap(({ instances }) => instances);
const params = (...ActionParams: unknown[]) => ({ ActionParams });
const release = (Value: string) => ({ Key: "releaseName", Value });
const stateOf = async (id: string) => (await getOperation(simulator, id)).OperationState as string;
const ends = (changes?: Record<string, unknown>) => actAndEnd(simulator, changes);

describe("actions", () => {
  test("stopAccepted false", async () => {
    set({ stopAccepted: false });
    expect(await ends({ ActionName: "stop" })).toBe("IllegalOperationForCluster");
    simulator.settings.volcengine.codes.stop = "UnsupportedAction";
    expect(await ends({ ActionName: "stop" })).toBe("UnsupportedAction");
  });

  test.each([
    { alreadyThere: "success", start: "SUCCESS", stop: "SUCCESS", starts: 0 },
    { alreadyThere: "skip", start: "SKIP", stop: "SKIP", starts: 0 },
    {
      alreadyThere: "refuse",
      start: "IllegalOperationForCluster",
      stop: "IllegalOperationForCluster",
      starts: 0,
    },
    { alreadyThere: "restart", start: "SUCCESS", stop: "SUCCESS", starts: 1 },
  ] as const)("alreadyThere $alreadyThere", async ({ alreadyThere, start, stop, starts }) => {
    set({ alreadyThere });
    expect(await ends({ ActionName: "start" })).toBe(start);
    expect(cluster().starts).toBe(starts);
    cluster().state = "STOPPED";
    expect(await ends({ ActionName: "stop" })).toBe(stop);
    expect(cluster().state).toBe("STOPPED");
  });

  test.each([
    { restartOfStopped: "starts", end: "SUCCESS", state: "STARTED" },
    { restartOfStopped: "skip", end: "SKIP", state: "STOPPED" },
    { restartOfStopped: "refuse", end: "IllegalOperationForCluster", state: "STOPPED" },
  ] as const)("restartOfStopped $restartOfStopped", async ({ restartOfStopped, end, state }) => {
    set({ restartOfStopped });
    cluster().state = "STOPPED";
    expect(await ends()).toBe(end);
    expect(cluster().state).toBe(state);
  });

  test("scopes", async () => {
    set({ missingScope: "component", applicationScope: "accepted", missingRelease: "all" });
    expect((await act(simulator, { ActionScope: undefined })).outcome).toBe("ok");
    simulator.reset();
    set({ applicationScope: "accepted" });
    const whole = {
      ActionScope: "APPLICATION",
      Components: [{ ApplicationName: "Spark" }],
      ActionParams: [],
    };
    expect((await act(simulator, whole)).outcome).toBe("ok");
    expect(names()).toEqual(["default/spark-operator", "default/spark-history-server"]);
  });

  const both = ["default/raycluster-a", "default/raycluster-b"];
  test.each([
    { missingRelease: "first", expected: both.slice(0, 1) },
    { missingRelease: "all", expected: both },
    { missingRelease: "refuse", expected: undefined },
  ] as const)("missingRelease $missingRelease", async ({ missingRelease, expected }) => {
    set({ missingRelease });
    await act(simulator, params());
    expect(names()).toEqual(expected);
  });

  test.each([
    { severalReleases: "first", expected: both.slice(0, 1) },
    { severalReleases: "last", expected: both.slice(1) },
    { severalReleases: "all", expected: both },
    { severalReleases: "refuse", expected: undefined },
  ] as const)("severalReleases $severalReleases", async ({ severalReleases, expected }) => {
    set({ severalReleases });
    await act(simulator, params(release("raycluster-a"), release("raycluster-b")));
    expect(names()).toEqual(expected);
  });

  test.each([
    { ambiguousRelease: "first", expected: ["default/raycluster-a"] },
    { ambiguousRelease: "all", expected: ["default/raycluster-a", "team/raycluster-a"] },
    { ambiguousRelease: "refuse", expected: undefined },
  ] as const)("ambiguousRelease $ambiguousRelease", async ({ ambiguousRelease, expected }) => {
    set({ ambiguousRelease });
    simulator.vke.addInstance(clusterId, "Ray", "RayCluster", { name: "raycluster-a", namespace: "team" });
    await act(simulator);
    expect(names()).toEqual(expected);
  });

  test("unknownParams refuse", async () => {
    const strange = params(release("raycluster-a"), { Key: "xxx", Value: "xxx" });
    expect((await act(simulator, strange)).outcome).toBe("ok");
    set({ unknownParams: "refuse" });
    expect((await act(simulator, strange)).outcome).toBe("InvalidParameter");
  });

  test.each(["CANCEL", "FAILED"] as const)("clusterDeletedMeanwhile %s", async (state) => {
    set({ clusterDeletedMeanwhile: state });
    const { OperationId } = (await act(simulator)).result;
    simulator.clock.advance(10_000);
    simulator.vke.removeCluster(clusterId);
    expect(await stateOf(OperationId)).toBe(state);
  });

  test.each(["FAILED", "SUCCESS"] as const)("instanceDeletedMeanwhile %s", async (state) => {
    set({ instanceDeletedMeanwhile: state });
    const { OperationId } = (await act(simulator)).result;
    simulator.clock.advance(10_000);
    simulator.vke.removeInstance(clusterId, "Ray", "RayCluster", "raycluster-a");
    simulator.clock.advance(longEnough);
    expect(await stateOf(OperationId)).toBe(state);
  });
});

describe("configurations", () => {
  const file = "ray-cluster-values.yaml";
  const withConfigs = (...items: [string, string][]) =>
    params(
      release("raycluster-a"),
      configs(...items.map(([key, value]): [string, string, string] => [file, key, value])),
    );
  const values = () =>
    simulator.vke
      .configs(clusterId, "Ray")
      .filter((config) => config.file === file)
      .map(({ key, value, effective }) => [key, value, effective]);
  const untouched = [["worker.replicas", "2", "2"]];

  test("configsPersist false", async () => {
    set({ configsPersist: false });
    expect(await ends(withConfigs(["worker.replicas", "4"]))).toBe("SUCCESS");
    expect(values()).toEqual(untouched);
  });

  test("configsMode", async () => {
    await ends(withConfigs(["worker.replicas", "4"], ["a", "1"]));
    await ends(withConfigs(["b", "2"]));
    expect(values()).toEqual([
      ["worker.replicas", "4", "4"],
      ["a", "1", "1"],
      ["b", "2", "2"],
    ]);
    set({ configsMode: "replace" });
    await ends(withConfigs(["c", "3"]));
    expect(values()).toEqual([...untouched, ["c", "3", "3"]]);
  });

  test("configsWritten onAccept", async () => {
    set({ configsWritten: "onAccept" });
    simulator.faults.add({ kind: "operationFails" });
    await act(simulator, withConfigs(["worker.replicas", "4"]));
    expect(values()).toEqual([["worker.replicas", "4", "2"]]);
    simulator.clock.advance(longEnough);
    expect(values()).toEqual([["worker.replicas", "4", "2"]]);
    await ends();
    expect(values()).toEqual([["worker.replicas", "4", "4"]]);
  });

  test("with start and stop", async () => {
    const change = withConfigs(["worker.replicas", "4"]);
    set({ configsWithStart: "refuse", configsWithStop: "ignored" });
    expect(await ends({ ...change, ActionName: "start" })).toBe("InvalidParameter");
    expect(await ends({ ...change, ActionName: "stop" })).toBe("SUCCESS");
    expect(values()).toEqual(untouched);
    set({ configsWithStart: "accepted" });
    expect(await ends({ ...change, ActionName: "start" })).toBe("SUCCESS");
    expect(values()).toEqual([["worker.replicas", "4", "4"]]);
  });

  test("unknownConfigs refuse", async () => {
    set({ unknownConfigs: "refuse" });
    expect(await ends(withConfigs(["new.key", "4"]))).toBe("InvalidParameter");
    expect(await ends(withConfigs(["worker.replicas", "4"]))).toBe("SUCCESS");
  });

  test("emptyConfigValue", async () => {
    await ends(withConfigs(["worker.replicas", ""]));
    expect(values()).toEqual([["worker.replicas", "", ""]]);
    set({ emptyConfigValue: "unsets" });
    await ends(withConfigs(["worker.replicas", ""]));
    expect(values()).toEqual(untouched);
  });
});

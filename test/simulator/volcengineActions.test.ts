import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import {
  act,
  callNewer,
  callVolcengine,
  clusterId,
  configs,
  getOperation,
  longEnough,
  operator,
  restart,
} from "./volcengineCall";

let simulator: Simulator;
const startTime = Date.parse("2026-01-02T03:04:05Z");
beforeEach(async () => {
  simulator = await startSimulator({ startTime: new Date(startTime) });
});
afterEach(() => simulator.close());

const settings = () => simulator.settings.volcengine;
const cluster = (name = "raycluster-a") => simulator.vke.instance(clusterId, "Ray", "RayCluster", name);
const stateOf = async (operationId: string) => (await getOperation(simulator, operationId)).OperationState;

describe("the examples of the document", () => {
  const item = ["xxx", "xxx", "xxx"] as const;
  const example = (key: string, value: string) =>
    restart({ ActionParams: [{ Key: key, Value: value }, configs([...item])] });

  test("restart of a component without a release, which means all instances", async () => {
    expect((await act(simulator, example("xxx", "xxx"))).outcome).toBe("ok");
    const instances = ["default/raycluster-a", "default/raycluster-b"];
    expect(simulator.vke.actions()).toMatchObject([
      {
        actionName: "restart",
        targets: [{ application: "Ray", component: "RayCluster", instances }],
        configs: [{ file: "xxx", key: "xxx", value: "xxx" }],
      },
    ]);
  });

  test.each([
    [
      "emr-demo0001",
      '{"ClusterId":"emr-demo0001","ActionName":"restart","ActionScope":"COMPONENT","Components":[{"ApplicationName":"RAY","ComponentNames":["RayCluster"]}],"ActionParams":[{"Key":"releaseName","Value":"raycluster-a"}]}',
    ],
    [
      "emr-0123",
      '{"ClusterId":"emr-0123","ActionName":"restart","ActionScope":"COMPONENT","Components":[{"ApplicationName":"RAY","ComponentNames":["RayCluster"]}]}',
    ],
  ])("the body that is signed in the vectors for %s", async (id, body) => {
    const applications = { Ray: { RayCluster: ["raycluster-a", "raycluster-b"] } };
    simulator.vke.createCluster({ clusterId: id, applications });
    expect((await callVolcengine(simulator, "RunApplicationAction", body)).outcome).toBe("ok");
  });

  test("restart of one release, and the answer", async () => {
    const reply = await act(simulator, example("releaseName", "raycluster-b"));
    expect(reply.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(reply.text).toBe(
      JSON.stringify({
        ResponseMetadata: {
          RequestId: reply.body.ResponseMetadata.RequestId,
          Action: "RunApplicationAction",
          Version: "2023-12-30",
          Service: "emr",
          Region: "cn-beijing",
          Error: null,
          Deprecated: false,
        },
        Result: { ClusterId: clusterId, OperationId: reply.result.OperationId },
      }),
    );
    expect(reply.body.ResponseMetadata.RequestId).toMatch(/^20260102030405[0-9A-F]{20}$/);
    expect(reply.result.OperationId).toMatch(/^op-/);
    simulator.clock.advance(longEnough);
    expect([cluster().starts, cluster("raycluster-b").starts]).toEqual([0, 1]);
  });
});

describe("refusals", () => {
  const params = (...list: unknown[]) => ({ ActionParams: list });
  const applicationConfigs = (Value: string) =>
    params({ Key: "releaseName", Value: "raycluster-a" }, { Key: "applicationConfigs", Value });
  const component = (ApplicationName: string, ...ComponentNames: string[]) => ({
    Components: [{ ApplicationName, ComponentNames }],
  });
  const rows: { name: string; changes: Record<string, unknown>; code: string; before?: () => void }[] = [
    { name: "no cluster", changes: { ClusterId: undefined }, code: "MissingParameter" },
    { name: "empty cluster", changes: { ClusterId: "" }, code: "MissingParameter" },
    { name: "unknown cluster", changes: { ClusterId: "emr-none" }, code: "InvalidClusterId" },
    {
      name: "foreign cluster",
      changes: { ClusterId: "emr-foreign" },
      code: "InvalidRequest",
      before: () => simulator.vke.createCluster({ clusterId: "emr-foreign", foreign: true }),
    },
    {
      name: "cluster of another region",
      changes: { ClusterId: "emr-shanghai" },
      code: "InvalidClusterId",
      before: () => simulator.vke.createCluster({ clusterId: "emr-shanghai", region: "cn-shanghai" }),
    },
    {
      name: "cluster that changes",
      changes: {},
      code: "IllegalOperationForCluster",
      before: () => simulator.vke.setClusterState(clusterId, "CHANGING"),
    },
    {
      name: "deleted cluster",
      changes: {},
      code: "IllegalOperationForCluster",
      before: () => simulator.vke.removeCluster(clusterId),
    },
    { name: "no action", changes: { ActionName: undefined }, code: "MissingParameter" },
    { name: "unknown action", changes: { ActionName: "reboot" }, code: "InvalidParameter" },
    { name: "action in capitals", changes: { ActionName: "RESTART" }, code: "InvalidParameter" },
    { name: "action of another type", changes: { ActionName: 1 }, code: "InvalidParameter" },
    { name: "no scope", changes: { ActionScope: undefined }, code: "MissingParameter" },
    { name: "unknown scope", changes: { ActionScope: "APPLICATION" }, code: "InvalidParameter" },
    { name: "no components", changes: { Components: [] }, code: "MissingParameter" },
    { name: "components of another type", changes: { Components: "Ray" }, code: "InvalidParameter" },
    { name: "no component", changes: component("Ray"), code: "MissingParameter" },
    { name: "unknown application", changes: component("Flink", "RayCluster"), code: "InvalidParameter" },
    { name: "unknown component", changes: component("Ray", "SparkOperator"), code: "InvalidParameter" },
    { name: "component in capitals", changes: component("Ray", "RAYCLUSTER"), code: "InvalidParameter" },
    {
      name: "no release, where one is required",
      changes: params(),
      code: "InvalidParameter",
      before: () => Object.assign(settings(), { missingRelease: "refuse" }),
    },
    {
      name: "unknown release",
      changes: params({ Key: "releaseName", Value: "x" }),
      code: "InvalidParameter",
    },
    {
      name: "two releases",
      changes: params(
        { Key: "releaseName", Value: "raycluster-a" },
        { Key: "releaseName", Value: "raycluster-b" },
      ),
      code: "InvalidParameter",
    },
    { name: "param without key", changes: params({ Value: "x" }), code: "MissingParameter" },
    { name: "configs that are no JSON", changes: applicationConfigs("{"), code: "InvalidParameter" },
    { name: "configs that are no list", changes: applicationConfigs("{}"), code: "InvalidParameter" },
    {
      name: "configs in the other spelling",
      changes: applicationConfigs('[{"ConfigFileName":"a","ConfigItemKey":"b","ConfigItemValue":"c"}]'),
      code: "InvalidParameter",
    },
    {
      name: "configs with numbers",
      changes: applicationConfigs('[{"configFileName":"a","configItemKey":"b","configItemValue":1}]'),
      code: "InvalidParameter",
    },
    {
      name: "configs with stop",
      changes: { ...applicationConfigs(configs(["a", "b", "c"]).Value), ActionName: "stop" },
      code: "InvalidParameter",
    },
  ];
  test.each(rows)("$name: $code", async ({ changes, code, before }) => {
    before?.();
    const reply = await act(simulator, changes);
    expect([reply.outcome, reply.status]).toEqual([code, 400]);
    expect(simulator.journal.at(-1)).toMatchObject({ outcome: code, acted: false });
    expect(simulator.vke.actions()).toEqual([]);
  });

  test("a body that is no JSON, or no object", async () => {
    const send = (body: string) => callVolcengine(simulator, "RunApplicationAction", body);
    expect([(await send("{")).outcome, (await send("[]")).outcome]).toEqual([
      "InvalidParameter",
      "InvalidParameter",
    ]);
    expect((await send("")).outcome).toBe("MissingParameter");
    const typed = await act(simulator, {}, { contentType: "text/plain" });
    expect(typed.outcome).toBe("InvalidParameter");
  });

  test("access denied hides under a general code", async () => {
    simulator.vke.cluster(clusterId).foreign = true;
    const { body } = await act(simulator);
    expect(body.ResponseMetadata.Error).toEqual({
      Code: "InvalidRequest",
      Message: expect.stringMatching(/^Access denied/),
    });
  });
});

describe("the life of an operation", () => {
  const seen = async (operationId: string) => [await stateOf(operationId), cluster().state];

  test("restart", async () => {
    const { OperationId: id } = (await act(simulator)).result;
    expect(await seen(id)).toEqual(["ACCEPT", "STARTED"]);
    simulator.clock.advance(3_000);
    expect(await seen(id)).toEqual(["RUNNING", "STOPPING"]);
    simulator.clock.advance(20_000);
    expect(await seen(id)).toEqual(["RUNNING", "STARTING"]);
    expect((await getOperation(simulator, id)).EndTime).toBeNull();
    simulator.clock.advance(20_000);
    expect(await seen(id)).toEqual(["SUCCESS", "STARTED"]);
    expect(cluster()).toMatchObject({ starts: 1, startTime: startTime + 43_000 });
    expect(await getOperation(simulator, id)).toMatchObject({
      ClusterId: clusterId,
      OperationId: id,
      OperationType: "PRODUCT",
      StateChangeReason: null,
      CreateTime: startTime,
      StartTime: startTime + 3_000,
      UpdateTime: startTime + 43_000,
      EndTime: startTime + 43_000,
      Content: expect.stringContaining("E-MapReduce-VKE"),
    });
  });

  test("stop and start", async () => {
    await act(simulator, { ActionName: "stop" });
    simulator.clock.advance(3_000);
    expect(cluster().state).toBe("STOPPING");
    simulator.clock.advance(40_000);
    expect(cluster().state).toBe("STOPPED");
    await act(simulator, { ActionName: "start" });
    simulator.clock.advance(3_000);
    expect(cluster().state).toBe("STARTING");
    simulator.clock.advance(40_000);
    expect(cluster()).toMatchObject({ state: "STARTED", starts: 1 });
    expect(simulator.vke.actions().map(({ actionName }) => actionName)).toEqual(["stop", "start"]);
  });

  test("several components in one call", async () => {
    const Components = [
      { ApplicationName: "Spark", ComponentNames: ["SparkOperator", "SparkHistoryServer"] },
    ];
    await act(simulator, { Components, ActionParams: [] });
    simulator.clock.advance(longEnough);
    expect(simulator.vke.instances(clusterId, "Spark").map(({ starts }) => starts)).toEqual([1, 1]);
    expect(simulator.vke.actions()[0]?.targets).toHaveLength(2);
  });

  test("a second one waits for the first", async () => {
    const first = (await act(simulator)).result.OperationId;
    simulator.clock.advance(1_000);
    const second = (await act(simulator, { Components: operator, ActionParams: [] })).result.OperationId;
    simulator.clock.advance(30_000);
    expect([await stateOf(first), await stateOf(second)]).toEqual(["RUNNING", "ACCEPT"]);
    simulator.clock.advance(12_000);
    expect([await stateOf(first), await stateOf(second)]).toEqual(["SUCCESS", "RUNNING"]);
    simulator.clock.advance(40_000);
    expect(await stateOf(second)).toBe("SUCCESS");
  });

  test("configurations come into effect with the restart", async () => {
    const file = "ray-cluster-values.yaml";
    const row = async () => {
      const reply = await callNewer(simulator, "ListConfigs", {
        ClusterId: clusterId,
        ApplicationName: "Ray",
      });
      return reply.result.Items[0];
    };
    simulator.vke.setConfig(clusterId, "Ray", { file, key: "worker.replicas", value: "3" });
    expect(await row()).toEqual({
      ComponentName: "RayCluster",
      FileName: file,
      ConfigKey: "worker.replicas",
      ConfigValue: "3",
      Effective: false,
    });
    const change = configs([file, "worker.replicas", "4"], [file, "new.key", "hidden"]);
    await act(simulator, { ActionParams: [{ Key: "releaseName", Value: "raycluster-a" }, change] });
    expect((await row()).ConfigValue).toBe("3");
    simulator.clock.advance(longEnough);
    expect(await row()).toMatchObject({ ConfigValue: "4", Effective: true });
    expect(simulator.vke.configs(clusterId, "Ray").at(-1)).toEqual({
      component: "RayCluster",
      file,
      key: "new.key",
      value: "hidden",
      effective: "hidden",
      preset: undefined,
    });
    expect(JSON.stringify(simulator.journal)).not.toContain("hidden");
    const request = simulator.journal.at(-3)?.request as { ActionParams: { Value: string }[] };
    expect(JSON.parse(request.ActionParams[1]?.Value ?? "")).toEqual([
      { configFileName: file, configItemKey: "worker.replicas", configItemValue: "[secret]" },
      { configFileName: file, configItemKey: "new.key", configItemValue: "[secret]" },
    ]);
  });

  test("what cannot be read is not shown in the journal", async () => {
    await act(simulator, { ActionParams: [{ Key: "applicationConfigs", Value: "pass=hidden" }] });
    await callVolcengine(simulator, "RunApplicationAction", '{"applicationConfigs":"hidden"');
    expect(JSON.stringify(simulator.journal)).not.toContain("hidden");
  });
});

describe("RebootComponentInstance", () => {
  const reboot = (changes: Record<string, unknown> = {}) =>
    callNewer(simulator, "RebootComponentInstance", {
      ClusterId: clusterId,
      ApplicationName: "Ray",
      ComponentName: "RayCluster",
      Namespace: "default",
      ComponentInstanceName: "raycluster-b",
      ...changes,
    });

  test("restarts one instance", async () => {
    const { OperationId } = (await reboot()).result;
    simulator.clock.advance(longEnough);
    expect(await stateOf(OperationId)).toBe("SUCCESS");
    expect([cluster().starts, cluster("raycluster-b").starts]).toEqual([0, 1]);
  });

  test.each([
    { name: "no namespace", changes: { Namespace: undefined }, code: "MissingParameter" },
    { name: "other namespace", changes: { Namespace: "team" }, code: "InvalidParameter" },
    { name: "no name", changes: { ComponentInstanceName: undefined }, code: "ok" },
    {
      name: "no name, where one is required",
      changes: { ComponentInstanceName: undefined },
      code: "InvalidParameter",
      missingRelease: "refuse" as const,
    },
    {
      name: "no name, one instance",
      changes: { ComponentName: "RayOperator", ComponentInstanceName: undefined },
      code: "ok",
    },
  ])("$name: $code", async ({ changes, code, missingRelease = "all" }) => {
    Object.assign(settings(), { missingRelease });
    expect((await reboot(changes)).outcome).toBe(code);
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import {
  act,
  callNewer,
  callVolcengine,
  clusterId,
  listInstances,
  longEnough,
  newer,
  older,
} from "./volcengineCall";

let simulator: Simulator;
const startTime = Date.parse("2026-01-02T03:04:05Z");
beforeEach(async () => {
  simulator = await startSimulator({ startTime: new Date(startTime) });
});
afterEach(() => simulator.close());

const settings = () => simulator.settings.volcengine;

describe("reads", () => {
  test("the cluster, in both versions", async () => {
    const read = (version: string, region = "cn-beijing") =>
      callVolcengine(simulator, "GetVirtualCluster", { ClusterId: clusterId }, { version, region });
    expect((await read(older)).result).toMatchObject({
      ClusterId: clusterId,
      ClusterName: "demo",
      ClusterState: "RUNNING",
      Region: "cn-beijing",
      StateChangeReason: "",
      DeleteTime: null,
    });
    expect((await read(newer)).result).toEqual((await read(older)).result);
    expect((await read(older, "cn-shanghai")).outcome).toBe("InvalidClusterId");
    simulator.vke.removeCluster(clusterId);
    expect((await read(older)).result).toMatchObject({ ClusterState: "DELETED", DeleteTime: startTime });
  });

  test("clusters by id, name, state and project", async () => {
    simulator.vke.createCluster({ clusterId: "emr-two", clusterName: "second", state: "CHANGING" });
    simulator.vke.createCluster({ clusterId: "emr-three", projectName: "other" });
    simulator.vke.createCluster({ clusterId: "emr-far", region: "cn-shanghai" });
    simulator.vke.createCluster({ clusterId: "emr-foreign", foreign: true });
    const ids = async (filter: Record<string, unknown>) =>
      (await callVolcengine(simulator, "ListVirtualClusters", filter)).result.Items.map(
        (row: { ClusterId: string }) => row.ClusterId,
      );
    expect(await ids({})).toEqual([clusterId, "emr-two", "emr-three"]);
    expect(await ids({ ClusterIds: ["emr-two", "emr-far"] })).toEqual(["emr-two"]);
    expect(await ids({ ClusterIds: "emr-two" })).toEqual(["emr-two"]);
    expect(await ids({ ClusterName: "econ" })).toEqual(["emr-two"]);
    expect(await ids({ ClusterStates: ["CHANGING", "INIT"] })).toEqual(["emr-two"]);
    expect(await ids({ ProjectName: "other" })).toEqual(["emr-three"]);
  });

  test("applications and instances", async () => {
    const { result } = await callVolcengine(simulator, "ListApplications", { ClusterId: clusterId });
    expect(result).toMatchObject({
      Items: [
        { ClusterId: clusterId, ApplicationName: "Ray", ApplicationState: "INSTALLED" },
        { ApplicationName: "Spark" },
      ],
      TotalCount: 2,
      NextToken: 0,
      MaxResults: 10,
    });
    expect(await listInstances(simulator, "spark")).toEqual([
      {
        ClusterId: clusterId,
        ApplicationName: "Spark",
        ComponentName: "SparkOperator",
        Namespace: "default",
        ComponentInstanceName: "spark-operator",
        InstanceState: "STARTED",
        CreateTime: startTime - 86_400_000,
        StartTime: startTime - 86_400_000,
      },
      expect.objectContaining({ ComponentName: "SparkHistoryServer" }),
    ]);
    simulator.vke.removeApplication(clusterId, "Spark");
    const gone = await callNewer(simulator, "ListComponentInstances", {
      ClusterId: clusterId,
      ApplicationName: "Spark",
    });
    expect(gone.outcome).toBe("InvalidParameter");
  });

  test("pages are numbered from 0 and say which one they are", async () => {
    const read = async (request: Record<string, unknown>) => {
      const { outcome, result } = await callVolcengine(simulator, "ListApplications", {
        ClusterId: clusterId,
        ...request,
      });
      if (outcome !== "ok") return outcome;
      return [result.Items[0]?.ApplicationName, result.TotalCount, result.NextToken];
    };
    expect(await read({ MaxResults: 1 })).toEqual(["Ray", 2, 0]);
    expect(await read({ MaxResults: 1, NextToken: 1 })).toEqual(["Spark", 2, 1]);
    expect(await read({ MaxResults: 1, NextToken: 2 })).toEqual([undefined, 2, 2]);
    expect(await read({ MaxResults: 101 })).toBe("InvalidParameter");
    expect(await read({ MaxResults: 0 })).toBe("InvalidParameter");
    expect(await read({ NextToken: -1 })).toBe("InvalidParameter");
    expect(await read({ NextToken: "1" })).toBe("InvalidParameter");
    settings().nextToken = "nextPage";
    expect(await read({ MaxResults: 1 })).toEqual(["Ray", 2, 1]);
    expect(await read({ MaxResults: 1, NextToken: 1 })).toEqual(["Spark", 2, 0]);
    settings().nextToken = "stuck";
    expect(await read({ MaxResults: 1, NextToken: 1 })).toEqual(["Ray", 2, 0]);
  });

  test("operations, newest first", async () => {
    await act(simulator);
    simulator.clock.advance(longEnough);
    simulator.vke.actInConsole(clusterId, "stop", { application: "Ray", component: "RayOperator" });
    const { result } = await callNewer(simulator, "ListOperations", { ClusterIds: [clusterId] });
    expect(result.Items).toMatchObject([
      { OperationState: "ACCEPT", Operator: "somebody-else", CreateTime: startTime + longEnough },
      { OperationState: "SUCCESS", OperationId: simulator.vke.actions()[0]?.operationId },
    ]);
    expect(simulator.vke.actions()).toHaveLength(1);
  });
});

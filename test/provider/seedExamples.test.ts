import { expect, onTestFinished, test } from "vitest";
import { CloudError } from "../../provider/base/errors";
import { enlarge } from "../../provider/huawei/ddm/api";
import { switchDataEngineImage } from "../../provider/tencent/dlc/api";
import { scaleOutInstance } from "../../provider/tencent/emr/purchaseApi";
import { startStopServiceOrMonitor } from "../../provider/tencent/emr/servicesApi";
import type { VolcengineAction } from "../../provider/volcengine/client";
import {
  getOperation,
  getVirtualCluster,
  listApplications,
  listConfigs,
  runApplicationAction,
} from "../../provider/volcengine/emr/api";
import { startSimulator } from "../../simulator/index";
import {
  answering,
  type Example,
  huawei,
  key,
  projectId,
  substituted,
  tencent,
  volcengine,
} from "./publishedExample";

/** A call of EMR on VKE, of names that are made up where `real` says others. */
const vke =
  (action: VolcengineAction, request: object) => (endpoint: string, real?: Record<string, string>) =>
    volcengine(endpoint).call(action, substituted(request, real)) as Promise<object>;
const vkeAnswer = (Action: string, Result: object, Version = "2023-12-30") => ({
  ResponseMetadata: {
    RequestId: "xxx",
    Action,
    Version,
    Service: "emr",
    Region: "cn-beijing",
    Error: null,
    Deprecated: false,
  },
  Result,
});

const config = [{ configFileName: "xxx", configItemKey: "xxx", configItemValue: "xxx" }];
const rayCluster = [{ applicationName: "RAY", componentNames: ["RayCluster"] }];
const runAnswer = vkeAnswer("RunApplicationAction", { ClusterId: "emr-xxx", OperationId: "op-xxx" });
const runRequest = (first: { Key: string; Value: string }) => ({
  ClusterId: "emr-xxx",
  ActionName: "restart",
  ActionScope: "COMPONENT",
  Components: [{ ApplicationName: "RAY", ComponentNames: ["RayCluster"] }],
  ActionParams: [first, { Key: "applicationConfigs", Value: JSON.stringify(config) }],
});
const run = (first: { key: string; value: string }) =>
  vke(runApplicationAction, {
    clusterId: "emr-xxx",
    actionName: "restart",
    actionScope: "COMPONENT",
    components: rayCluster,
    actionParams: [first, { key: "applicationConfigs", value: JSON.stringify(config) }],
  });
/** The page's own value. */
const releaseName = "组件release名称 可以通过EMR组件列表页面查看得到";
const operation = {
  ClusterId: "emr-xxx",
  OperationId: "op-xxx",
  OperationName: "CreateCluster",
  OperationType: "PRODUCT",
  OperationState: "RUNNING",
  StateChangeReason: null,
  // Without quotes on the page.
  AccountId: "xxx",
  UserId: "xxx",
  CreateTime: "xxx",
  StartTime: "xxx",
  EndTime: null,
  Content: '{"ProductName":"E-MapReduce-VKE"}',
  Operator: null,
  Remark: null,
};
const page = { TotalCount: 1, NextToken: 0, MaxResults: 10 };
const flavor = "8f2e696c-a9c1-30bd-af90-25522bc67606";
const instance = "28e8841d0b9c4f6a9a30742ee60e1068in09";
const enlargeTarget = `POST /v2/${projectId}/instances/${instance}/action/enlarge`;
const enlarged = {
  instanceId: instance,
  instanceName: "BUG-ddm-fb88-test",
  jobId: "1eb697c0-1842-43a3-8671-f562d0385cb9",
};

const examples: Example[] = [
  {
    // The page writes numbers as texts; the API's own type is a number.
    name: "ScaleOutInstance",
    call: (endpoint, real) =>
      tencent(endpoint).call(
        scaleOutInstance,
        substituted(
          {
            instanceId: "emr-5n3l5c83",
            timeUnit: "s",
            coreCount: 1,
            payMode: 0,
            timeSpan: 3600,
            clientToken: "token",
          },
          real,
        ),
      ),
    target: "POST /",
    request: {
      InstanceId: "emr-5n3l5c83",
      TimeUnit: "s",
      CoreCount: 1,
      PayMode: 0,
      TimeSpan: 3600,
      ClientToken: "token",
    },
    answer: {
      Response: {
        BillId: "",
        ClientToken: "",
        DealNames: [""],
        FlowId: 0,
        InstanceId: "emr-5n3l5c83",
        RequestId: "f0f11d21-6d0d-4f73-9177-8ae4ec456068",
      },
    },
    reads: { instanceId: "emr-5n3l5c83", flowId: 0, requestId: "f0f11d21-6d0d-4f73-9177-8ae4ec456068" },
  },
  {
    name: "StartStopServiceOrMonitor",
    call: (endpoint, real) =>
      tencent(endpoint).call(
        startStopServiceOrMonitor,
        substituted(
          {
            instanceId: "emr-4zvc5mul",
            opType: "StartService",
            opScope: {
              serviceInfoList: [
                {
                  serviceName: "abc",
                  componentInfoList: [{ componentName: "ZKFailoverController", ipList: ["172.16.114.126"] }],
                },
              ],
            },
            strategyConfig: { rollingRestartSwitch: 0, batchSize: 1, timeWait: 5, dealOnFail: 0 },
          },
          real,
        ),
      ),
    target: "POST /",
    request: {
      InstanceId: "emr-4zvc5mul",
      OpType: "StartService",
      OpScope: {
        ServiceInfoList: [
          {
            ServiceName: "abc",
            ComponentInfoList: [{ ComponentName: "ZKFailoverController", IpList: ["172.16.114.126"] }],
          },
        ],
      },
      StrategyConfig: { RollingRestartSwitch: 0, BatchSize: 1, TimeWait: 5, DealOnFail: 0 },
    },
    answer: { Response: { RequestId: "4c141dbb-b365-4c1b-a209-2c18e47fdb11" } },
    reads: { requestId: "4c141dbb-b365-4c1b-a209-2c18e47fdb11" },
  },
  {
    name: "SwitchDataEngineImage",
    call: (endpoint, real) =>
      tencent(endpoint).call(
        switchDataEngineImage,
        substituted(
          {
            dataEngineId: "DataEngine-xx",
            newImageVersionId: "xxxxxx",
          },
          real,
        ),
      ),
    target: "POST /",
    request: { DataEngineId: "DataEngine-xx", NewImageVersionId: "xxxxxx" },
    answer: { Response: { RequestId: "abc" } },
    reads: { requestId: "abc" },
  },
  {
    name: "RunApplicationAction without a release",
    call: run({ key: "xxx", value: "xxx" }),
    target: "POST /?Action=RunApplicationAction&Version=2023-12-30",
    request: runRequest({ Key: "xxx", Value: "xxx" }),
    answer: runAnswer,
    reads: { clusterId: "emr-xxx", operationId: "op-xxx", requestId: "xxx" },
  },
  {
    name: "RunApplicationAction, one of several instances",
    call: run({ key: "releaseName", value: releaseName }),
    target: "POST /?Action=RunApplicationAction&Version=2023-12-30",
    request: runRequest({ Key: "releaseName", Value: releaseName }),
    answer: runAnswer,
    reads: { clusterId: "emr-xxx", operationId: "op-xxx", requestId: "xxx" },
  },
  {
    name: "enlarge",
    call: (endpoint, real) =>
      huawei(endpoint).call(
        enlarge,
        substituted({ path: { instance }, body: { flavor_id: flavor, node_number: 1 } }, real),
      ),
    target: enlargeTarget,
    request: { flavor_id: flavor, node_number: 1 },
    answer: enlarged,
    reads: enlarged,
  },
  {
    name: "enlarge, with more than one group",
    call: (endpoint, real) =>
      huawei(endpoint).call(
        enlarge,
        substituted(
          {
            path: { instance },
            body: { flavor_id: flavor, group_id: "f080abf2010d45118068c28c8958f5fcgr09", node_number: 1 },
          },
          real,
        ),
      ),
    target: enlargeTarget,
    request: { flavor_id: flavor, group_id: "f080abf2010d45118068c28c8958f5fcgr09", node_number: 1 },
    answer: enlarged,
    reads: enlarged,
  },
  ...[operation, { Items: [operation], ...page }].map(
    (result, index): Example => ({
      name: `GetOperation, as ${index === 0 ? "the example" : "the table"} has it`,
      call: vke(getOperation, { operationId: "op-xxx" }),
      target: "POST /?Action=GetOperation&Version=2023-12-30",
      request: { OperationId: "op-xxx" },
      answer: vkeAnswer("GetOperation", result),
      reads: index === 0 ? { operationId: "op-xxx", operationState: "RUNNING" } : { requestId: "xxx" },
    }),
  ),
  {
    name: "GetVirtualCluster",
    call: vke(getVirtualCluster, { clusterId: "emr-xxx" }),
    target: "POST /?Action=GetVirtualCluster&Version=2023-12-30",
    request: { ClusterId: "emr-xxx" },
    answer: vkeAnswer("GetVirtualCluster", {
      ClusterId: "emr-xxx",
      ClusterName: "xxx",
      ReleaseVersion: "EMR-VKE-1.2.0",
      ClusterState: "RUNNING",
      StateChangeReason: "CreateCluster",
      CreateTime: "xxx",
      DeleteTime: null,
    }),
    reads: { clusterState: "RUNNING" },
  },
  {
    name: "ListApplications",
    call: vke(listApplications, { clusterId: "emr-xxx", maxResults: 10, nextToken: 0 }),
    target: "POST /?Action=ListApplications&Version=2023-12-30",
    request: { ClusterId: "emr-xxx", MaxResults: 10, NextToken: 0 },
    answer: vkeAnswer("ListApplications", {
      Items: [
        {
          ClusterId: "emr-xxx",
          ApplicationName: "Ray",
          ApplicationVersion: "xxx",
          ApplicationState: "INSTALLED",
          CreateTime: "xxx",
          UpdateTime: "xxx",
        },
      ],
      ...page,
    }),
    reads: {
      items: [{ applicationName: "Ray", applicationState: "INSTALLED" }],
      totalCount: 1,
    },
  },
  {
    name: "ListConfigs",
    call: vke(listConfigs, { clusterId: "emr-xxx", applicationName: "RAY" }),
    target: "POST /?Action=ListConfigs&Version=2024-06-13",
    request: { ClusterId: "emr-xxx", ApplicationName: "RAY" },
    answer: vkeAnswer(
      "ListConfigs",
      {
        Items: [
          {
            ComponentName: "RayCluster",
            FileName: "xxx",
            ConfigKey: "xxx",
            ConfigValue: "xxx",
            Effective: "xxx",
          },
        ],
      },
      "2024-06-13",
    ),
    reads: { items: [{ fileName: "xxx", configKey: "xxx", configValue: "xxx" }] },
  },
];

test.each(examples)("$name: the request leaves as the page shows it, the answer is read", async (example) => {
  const { url, sent } = await answering(200, example.answer);
  expect(await example.call(url)).toMatchObject(example.reads);
  expect(sent).toEqual([{ target: example.target, body: example.request }]);
});

test.each(examples)("$name: the stand-in cloud accepts the request", async (example) => {
  const credentials = [{ secretId: key.id, secretKey: key.secret }];
  const sim = await startSimulator({ credentials });
  onTestFinished(() => sim.close());
  sim.emr.createCluster({ clusterId: "emr-5n3l5c83" });
  sim.emr.createCluster({ clusterId: "emr-4zvc5mul" });
  const [process] = sim.emr.stopProcesses("emr-4zvc5mul", { service: "HDFS", component: "DataNode" });
  sim.dlc.createEngine({ dataEngineId: "DataEngine-xx" });
  sim.ddm.createInstance({ instanceId: instance });
  const [group] = sim.ddm.groups(instance);
  sim.vke.createCluster({
    clusterId: "emr-xxx",
    applications: { RAY: { RayCluster: ["raycluster-a", releaseName] } },
  });
  const under = { application: "RAY", component: "RayCluster", name: "raycluster-a" };
  const { operationId } = sim.vke.actInConsole("emr-xxx", "start", under);
  const answer = await example.call(sim.url, {
    abc: "HDFS",
    ZKFailoverController: "DataNode",
    "172.16.114.126": process?.ip ?? "",
    xxxxxx: sim.dlc.image("SuperSQL-S 3.5").imageVersionId,
    [flavor]: group?.flavorId ?? "",
    f080abf2010d45118068c28c8958f5fcgr09: group?.groupId ?? "",
    "op-xxx": operationId,
  });
  expect(answer).toMatchObject(
    Object.fromEntries(Object.keys(example.reads).map((name) => [name, expect.anything()])),
  );
});

test.each([
  [400, { externalMessage: "Parameter error.", errCode: "DBS.280001" }, "fixInput"],
  [500, { externalMessage: "Server failure.", errCode: "DBS.200412" }, "server"],
])("enlarge: the failure with HTTP %i is told as the page shows it", async (status, body, kind) => {
  const { url, sent } = await answering(status, body);
  const failed = await examples[5]?.call(url).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(CloudError);
  expect(failed).toMatchObject({ code: body.errCode, kind });
  expect((failed as CloudError).message).toContain(body.externalMessage);
  // A call that may have added nodes is never sent again.
  expect(sent).toHaveLength(1);
});

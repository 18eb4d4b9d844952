// Previews through the plugin in which anything at all is not known yet.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unknown } from "../engine/values";
import { everyType } from "../everyType";
import { root, work } from "../package";

type Json = Record<string, unknown>;

async function start(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, "pulumi-resource-bigdata"), "127.0.0.1:1"], {
    cwd: work,
    env: { ...process.env, PULUMI_CONFIG: "", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const client = new ResourceProviderClient(`127.0.0.1:${line}`, credentials.createInsecure());
  const call = <Response>(method: string, request: unknown) =>
    new Promise<Response>((resolve, reject) => {
      const methods = client as unknown as Record<
        string,
        (request: unknown, done: (error: ServiceError | null, response: Response) => void) => void
      >;
      methods[method]?.call(client, request, (error, response) =>
        error ? reject(error) : resolve(response),
      );
    });
  const stop = () => {
    client.close();
    child.kill("SIGKILL");
  };
  return { call, stop, child };
}

const struct = (value: object) => Struct.fromJavaScript(value as { [key: string]: JavaScriptValue });
const urnOf = (type: string) => `urn:pulumi:dev::proj::bigdata:${type}::thing`;

let plugin: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  plugin = await start();
});
afterAll(() => plugin.stop());

const check = async (type: string, news: Json, olds: Json = {}) => {
  const request = new messages.CheckRequest().setUrn(urnOf(type));
  const answer = await plugin.call<messages.CheckResponse>(
    "check",
    request.setNews(struct(news)).setOlds(struct(olds)),
  );
  return {
    inputs: answer.getInputs()?.toJavaScript() as Json,
    failures: answer.getFailuresList().map((each) => each.toObject()),
  };
};

const diff = async (type: string, olds: Json, news: Json, ignored: string[] = []) => {
  const request = new messages.DiffRequest().setUrn(urnOf(type)).setIgnorechangesList(ignored);
  request.setOlds(struct(olds)).setOldInputs(struct(olds)).setNews(struct(news));
  return plugin.call<messages.DiffResponse>("diff", request);
};

const createPreview = async (type: string, news: Json) => {
  const request = new messages.CreateRequest().setUrn(urnOf(type)).setPreview(true);
  const answer = await plugin.call<messages.CreateResponse>("create", request.setProperties(struct(news)));
  return answer.getProperties()?.toJavaScript() as Json;
};

const updatePreview = async (type: string, olds: Json, news: Json) => {
  const request = new messages.UpdateRequest().setUrn(urnOf(type)).setPreview(true).setId("id");
  const answer = await plugin.call<messages.UpdateResponse>(
    "update",
    request.setOlds(struct(olds)).setNews(struct(news)),
  );
  return answer.getProperties()?.toJavaScript() as Json;
};

/** Every input, and what state holds of it. */
const samples: Record<string, { inputs: Json; state: Json }> = {
  "tencent:EmrNodePool": {
    inputs: {
      region: "ap-guangzhou",
      profile: "prod",
      clusterId: "emr-1",
      role: "task",
      count: 2,
      poolId: "p",
      payMode: 1,
      timeUnit: "m",
      timeSpan: 2,
      autoRenew: true,
      softDeployInfo: [1, 2],
      serviceNodeInfo: [7],
      preExecutedFileSettings: [
        { cosFileUri: "https://a/b", args: ["x"], runOrder: 1, whenRun: "resourceAfter" },
      ],
      disasterRecoverGroupIds: ["d"],
      tags: [
        { tagKey: "a", tagValue: "1" },
        { tagKey: "b", tagValue: "2" },
      ],
      hardwareResourceType: "HOST",
      yarnNodeLabel: "fast",
      zoneId: 1,
      subnetId: "subnet-1",
      adopt: ["emr-vm-1"],
      exclude: ["emr-vm-9"],
      scaleIn: { order: "newest", nodes: ["emr-vm-2"], graceSeconds: 60, allowCoreScaleIn: false },
      deletionPolicy: "terminate",
      timeouts: { create: "10m" },
    },
    state: {
      nodes: ["emr-vm-1", "emr-vm-2", "emr-vm-3"].map((resourceId) => ({
        resourceId,
        orderNo: `ins-${resourceId}`,
        ip: "10.0.0.1",
        state: "running",
        zone: "z",
        applyTime: "2026-01-01 00:00:00",
        chargeType: 1,
        spec: "S5",
      })),
      nodeCount: 3,
      privateIps: ["10.0.0.1"],
      lastFlow: "",
      lastRequestId: "",
      specHash: "0123456789ab",
    },
  },
  "tencent:EmrServiceState": {
    inputs: {
      region: "ap-guangzhou",
      profile: "prod",
      clusterId: "emr-1",
      service: "YARN",
      components: ["NodeManager"],
      nodeIps: ["10.0.0.1"],
      state: "running",
      maintenance: false,
      restartTriggers: { a: "1" },
      restart: { rolling: true, batchSize: 1, waitSeconds: 0, onFailure: "block" },
      onDelete: "leave",
      timeouts: { create: "10m" },
    },
    state: {
      processes: [
        {
          component: "NodeManager",
          ip: "10.0.0.1",
          state: "running",
          maintenance: false,
          health: "",
          lastRestart: "",
        },
      ],
      runState: "running",
      maintenanceState: "none",
      lastRequestId: "",
    },
  },
  "tencent:DlcEngineImage": {
    inputs: {
      region: "ap-guangzhou",
      dataEngineId: "DataEngine-1",
      imageVersion: "SuperSQL-S 1.0",
      childVersion: "track",
      allowSuspended: false,
      onDelete: "leave",
      timeouts: { create: "10m" },
    },
    state: {
      dataEngineName: "reports",
      imageVersionId: "v1",
      childImageVersionId: "c1",
      upgradeAvailable: false,
      previousImageVersionId: "v0",
      engineState: "running",
      lastRequestId: "",
    },
  },
  "huawei:DdmNodeGroup": {
    inputs: {
      region: "eu-west-101",
      projectId: "0123456789abcdef0123456789abcdef",
      instanceId: "1f5c9fd6cd984056ba89c8c87cc03278in09",
      groupId: "g1",
      flavorId: "f1",
      nodeCount: 2,
      scaleIn: { allowed: true },
      onDelete: "leave",
      timeouts: { create: "10m" },
    },
    state: {
      nodes: [
        { id: "n1", ip: "10.0.0.1", status: "normal", zone: "z" },
        { id: "n2", ip: "10.0.0.2", status: "normal", zone: "z" },
      ],
      privateIps: ["10.0.0.1", "10.0.0.2"],
      instanceStatus: "RUNNING",
      initialNodeIds: ["n1"],
      addedNodeIds: ["n2"],
      createdAt: 0,
      lastJobId: "",
      lastRequestId: "",
    },
  },
  "volcengine:EmrApplicationState": {
    inputs: {
      region: "cn-beijing",
      clusterId: "emr-1",
      application: "Ray",
      components: ["RayCluster"],
      releaseName: "batch",
      state: "running",
      restartTriggers: { a: "1" },
      applicationConfigs: [{ file: "f", key: "k", value: "v" }],
      actionParams: { x: "y" },
      actionNames: { start: "start" },
      onDelete: "leave",
      timeouts: { create: "10m" },
    },
    state: {
      runState: "running",
      instances: [
        { component: "RayCluster", name: "batch", namespace: "ns", state: "STARTED", startTime: "" },
      ],
      applicationState: "INSTALLED",
      observationSource: "componentInstances",
      driftVisible: true,
      configsApplied: true,
      observedConfigs: {},
      lastOperationId: "",
      lastRequestId: "",
      lastActionAt: 0,
    },
  },
};

/** The same value with one thing in it not known yet, for everything in it. */
function* withUnknowns(value: unknown): Generator<unknown> {
  yield unknown;
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value))
    for (const inner of withUnknowns((value as Json)[key])) {
      const copy = structuredClone(value) as Json;
      copy[key] = inner;
      yield copy;
    }
}

describe.each(everyType(samples))("%s", (type, { inputs, state }) => {
  test("anything can be unknown in a preview", async () => {
    const plain = await check(type, inputs);
    expect(plain.failures).toEqual([]);
    const problems: string[] = [];
    for (const news of withUnknowns(inputs)) {
      if (news === unknown) continue;
      const what = JSON.stringify(news);
      const checked = await check(type, news as Json, inputs);
      if (checked.failures.length > 0) problems.push(`${JSON.stringify(checked.failures)} for ${what}`);
      for (const ask of [
        () => createPreview(type, checked.inputs),
        () => updatePreview(type, { ...inputs, ...state }, checked.inputs),
        () => diff(type, { ...inputs, ...state }, checked.inputs),
      ])
        await ask().catch((error: Error) => problems.push(`${error.message} for ${what}`));
    }
    expect(problems).toEqual([]);
  });
});

describe("ignoreChanges", () => {
  const { inputs = {}, state = {} } = samples["tencent:EmrNodePool"] ?? {};
  const olds = { ...inputs, ...state, count: 3 };
  const changed = async (news: Json, ignored: string[]) =>
    (await diff("tencent:EmrNodePool", olds, { ...inputs, count: 3, ...news }, ignored)).getDiffsList();

  test("of a nested path leaves the rest of the property alone", async () => {
    // The engine has put back what is ignored before it asks.
    expect(await changed({ scaleIn: { order: "newest", graceSeconds: 90 } }, ["scaleIn.order"])).toEqual([
      "scaleIn",
    ]);
  });

  test("of a whole property hides it", async () => {
    expect(await changed({ count: 5 }, ["count"])).toEqual([]);
  });
});

test("a preview tells no fingerprint of what is not known yet", async () => {
  const news = { ...samples["tencent:EmrNodePool"]?.inputs, yarnNodeLabel: unknown };
  expect(await createPreview("tencent:EmrNodePool", news)).toMatchObject({ specHash: unknown, nodeCount: 2 });
});

test("a core pool may shrink where it is not known yet whether it may", async () => {
  const inputs = { clusterId: "emr-1", role: "core", count: 3, poolId: "p", payMode: 0 };
  const { failures } = await check("tencent:EmrNodePool", { ...inputs, count: 2, scaleIn: unknown }, inputs);
  expect(failures).toEqual([]);
});

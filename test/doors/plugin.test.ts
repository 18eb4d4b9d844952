// What only the plugin can: import, get, limits from outside, cancelling, previews that tell what can be known, exact
// diffs, providers of its own. These scenarios take the plugin whatever door the others take.
import { describe, expect, test } from "vitest";
import type { UpdateResult } from "../drivers/driver";
import { createTestEngineDriver } from "../drivers/testEngine";
import type { ListedResource } from "../engine/resourceList";
import { everyType } from "../everyType";
import { credentials, declare, makeStand, type Stand, stateOf, stepsOf } from "../scenarios/stand";
import { dataEngineId, instanceId, oldVersion, vkeClusterId } from "../scenarios/subjects";

const of = (
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  more: Partial<ListedResource> = {},
): ListedResource => ({ type: `bigdata:${type}`, name, inputs: inputs as never, ...more });

const pool = (stand: Stand, count: number, more = {}, options: Partial<ListedResource> = {}) =>
  of("tencent:EmrNodePool", "workers", { clusterId: stand.clusterId, role: "task", count, ...more }, options);

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const stepOf = ({ steps }: UpdateResult, name = "workers") => steps.find((step) => step.name === name);

test("a preview tells what can be known, and the plan; nothing is called", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 2));
  const preview = await stand.stack.preview();
  expect(preview.error).toBeUndefined();
  expect(stepOf(preview)?.newState?.outputs).toMatchObject({
    count: 2,
    nodeCount: 2,
    poolId: "pools/test/workers",
    nodes: unknown,
    privateIps: unknown,
  });
  const told = preview.messages.filter(({ urn }) => urn?.endsWith("::workers"));
  expect(told.map(({ message }) => message).join("\n")).toMatch(/buy 2 task nodes \(ScaleOutInstance/);
  expect(stand.changes()).toEqual([]);
});

test("differences are shown where they are, and a replacement says why", async () => {
  const stand = await makeStand();
  const tags = [{ tagKey: "team", tagValue: "a" }];
  declare(stand, pool(stand, 1, { tags, scaleIn: { order: "newest" } }));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(
    stand,
    pool(stand, 2, {
      tags: [{ tagKey: "team", tagValue: "b" }],
      scaleIn: { order: "oldest", graceSeconds: 60 },
    }),
  );
  expect(stepOf(await stand.stack.preview())).toMatchObject({
    op: "update",
    detailedDiff: {
      count: { kind: "update", inputDiff: true },
      "tags[0].tagValue": { kind: "update", inputDiff: true },
      "scaleIn.order": { kind: "update", inputDiff: true },
      "scaleIn.graceSeconds": { kind: "add", inputDiff: true },
    },
  });
  declare(stand, pool(stand, 1, { tags, scaleIn: { order: "newest" }, yarnNodeLabel: "fast" }));
  const replaced = await stand.stack.preview();
  expect(replaced.steps.find(({ op }) => op === "replace")).toMatchObject({
    replaceReasons: ["yarnNodeLabel"],
    detailedDiff: { yarnNodeLabel: { kind: "add-replace", inputDiff: true } },
  });
  // A node is lost: what is there is compared with what is wanted.
  declare(stand, pool(stand, 2, { tags, scaleIn: { order: "newest" } }));
  await stand.stack.up();
  stand.sim.emr.removeNode(stand.clusterId, stand.nodeIds()[0] ?? "");
  const refreshed = await stand.stack.refresh();
  expect(stepOf(refreshed)).toMatchObject({ op: "update", detailedDiff: { count: { kind: "update" } } });
  expect(stepOf(await stand.stack.preview())).toMatchObject({
    op: "update",
    detailedDiff: { count: { kind: "update" } },
  });
  // What is told to be left alone is left alone.
  declare(
    stand,
    pool(stand, 2, { tags, scaleIn: { order: "newest" } }, { options: { ignoreChanges: ["count"] } }),
  );
  expect(stepsOf(await stand.stack.up())).toEqual([]);
});

describe("import, then a preview without a difference", () => {
  interface Existing {
    id: (stand: Stand) => string;
    missing: (stand: Stand) => string;
    inputs: (stand: Stand) => Record<string, unknown>;
    arrange?: (stand: Stand) => Promise<void> | void;
    outputs: object;
  }

  const existing: Record<string, Existing> = {
    "tencent:EmrNodePool": {
      id: ({ clusterId }) => `${clusterId}/task/other/stack/pool`,
      missing: ({ clusterId }) => `${clusterId}/task/nobody`,
      inputs: ({ clusterId }) => ({
        clusterId,
        role: "task",
        count: 2,
        poolId: "other/stack/pool",
        // Fixed at the nodes' birth, and not to be read from them: their fingerprint says that it is the same.
        yarnNodeLabel: "fast",
        tags: [{ tagKey: "team", tagValue: "a" }],
      }),
      arrange: async (stand) => {
        const { inputs } = existing["tencent:EmrNodePool"] as Existing;
        declare(stand, of("tencent:EmrNodePool", "first", inputs(stand)));
        expect((await stand.stack.up()).error).toBeUndefined();
        await stand.stack.importState({
          version: 3,
          deployment: { manifest: { time: "", magic: "", version: "" } },
        });
      },
      outputs: { nodeCount: 2 },
    },
    "tencent:EmrServiceState": {
      id: ({ clusterId }) => `${clusterId}/YARN/NodeManager`,
      missing: ({ clusterId }) => `${clusterId}/NOSUCH`,
      inputs: ({ clusterId }) => ({
        clusterId,
        service: "YARN",
        components: ["NodeManager"],
        state: "running",
      }),
      outputs: { runState: "running" },
    },
    "tencent:DlcEngineImage": {
      id: () => dataEngineId,
      missing: () => "DataEngine-nosuch",
      inputs: () => ({ dataEngineId, imageVersion: oldVersion }),
      arrange: ({ sim }) => void sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports" }),
      outputs: { dataEngineName: "reports", imageVersion: oldVersion },
    },
    "huawei:DdmNodeGroup": {
      id: () => instanceId,
      missing: () => "nosuchin09",
      inputs: ({ sim }) => ({
        instanceId,
        flavorId: sim.ddm.groups(instanceId)[0]?.flavorId,
        nodeCount: sim.ddm.nodes(instanceId).length,
      }),
      arrange: ({ sim }) => void sim.ddm.createInstance({ instanceId }),
      outputs: { instanceStatus: "RUNNING" },
    },
    "volcengine:EmrApplicationState": {
      id: () => `${vkeClusterId}/ray/RayCluster/batch`,
      missing: () => `${vkeClusterId}/Flink`,
      inputs: () => ({
        clusterId: vkeClusterId,
        application: "Ray",
        components: ["RayCluster"],
        releaseName: "batch",
        state: "running",
      }),
      arrange: ({ sim }) =>
        void sim.vke.createCluster({
          clusterId: vkeClusterId,
          applications: { Ray: { RayCluster: ["batch", "serving"] } },
        }),
      outputs: { runState: "running", driftVisible: true },
    },
  };

  test.each(everyType(existing))("%s", async (type, { id, missing, inputs, arrange, outputs }) => {
    const name = "thing";
    const stand = await makeStand();
    await arrange?.(stand);
    const before = stand.changes().length;
    const { stack } = stand;
    expect((await stack.importResource({ type: `bigdata:${type}`, name, id: missing(stand) })).error).toMatch(
      /does not exist/,
    );
    const imported = await stack.importResource({ type: `bigdata:${type}`, name, id: id(stand) });
    expect(imported.error).toBeUndefined();
    expect(await stateOf(stand, name)).toMatchObject(outputs);
    expect(stepsOf(await stack.refresh())).toEqual([]);
    declare(stand, of(type, name, inputs(stand)));
    expect(stepsOf(await stack.preview())).toEqual([]);
    const up = await stack.up();
    expect([up.error, stepsOf(up)]).toEqual([undefined, []]);
    expect(stepsOf(await stack.refresh())).toEqual([]);
    expect(stand.changes()).toHaveLength(before);
  });

  test.each([
    ["tencent:EmrNodePool", "emr-1"],
    ["tencent:EmrNodePool", "emr-1/tasks/pool"],
    ["tencent:EmrServiceState", "emr-1"],
    ["huawei:DdmNodeGroup", "a/b/c"],
    ["volcengine:EmrApplicationState", "emr-1"],
  ])("an id of another form is told: %s %s", async (type, id) => {
    const stand = await makeStand();
    const { error } = await stand.stack.importResource({ type: `bigdata:${type}`, name: "x", id });
    expect(error).toMatch(/must have the form [<[]/);
    expect(stand.sim.journal).toEqual([]);
  });
});

test("a create that is cancelled ends at once with what exists, and the next up resumes it", async () => {
  const stand = await makeStand();
  const stop = new AbortController();
  stand.sim.onCall(({ action, phase }) => {
    if (action === "ScaleOutInstance" && phase === "acted") stop.abort();
  });
  declare(stand, pool(stand, 2));
  const { ok, messages } = await stand.stack.up({ signal: stop.signal });
  expect(ok).toBe(false);
  expect(messages.map(({ message }) => message).join("\n")).toMatch(
    /The update was canceled.*run `pulumi up` again.*--clear-pending-creates/,
  );
  expect(await stateOf(stand)).toMatchObject({ pendingOrder: { count: 2 } });
  expect((await stand.stack.up()).error).toBeUndefined();
  expect([stand.bought(), stand.nodeIds().length]).toEqual([2, 2]);
  expect(await stateOf(stand)).not.toHaveProperty("pendingOrder");
});

test("steps on the way are passing lines with the resource's URN", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 1));
  const { messages, error } = await stand.stack.up();
  expect(error).toBeUndefined();
  const own = messages.filter(({ urn }) => urn?.endsWith("::workers"));
  expect(own.find(({ message }) => message.startsWith("buy 1 task node: accepted"))).toMatchObject({
    severity: "info",
    ephemeral: true,
  });
  expect(own.filter(({ ephemeral }) => !ephemeral)).toEqual([]);
});

describe("configuration", () => {
  test("an endpoint that is set is told once in a run", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1));
    const { messages } = await stand.stack.up();
    const told = messages.filter(({ message }) => message.includes("bigdata:tencentEndpoint"));
    expect(told).toMatchObject([{ severity: "info" }]);
    expect(told[0]?.message).toMatch(`Calls go to ${stand.sim.url}, `);
  });

  test("what is wrong with it is told by property, before anything else", async () => {
    const stand = await makeStand();
    await stand.stack.setConfig("bigdata:tencentregion", "x");
    await stand.stack.setConfig("bigdata:volcengineEndpoint", "http://");
    await stand.stack.setConfig("bigdata:profiles", '{"prod":{"tencentSecret":"x"}}');
    declare(stand, pool(stand, 1));
    const { error, messages } = await stand.stack.preview();
    const text = [error, ...messages.map(({ message }) => message)].join("\n");
    expect(text).toMatch(/tencentregion.*did you mean tencentRegion\?/);
    expect(text).toMatch(/volcengineEndpoint.*must be a URL or a host/);
    expect(text).toMatch(/profiles\.prod\.tencentSecret.*is not a key/);
    expect(stand.sim.journal).toEqual([]);
  });

  test("credentials stay secret in state, those of the environment are not in it, and new ones win", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    const text = JSON.stringify(await stand.stack.exportState());
    for (const secret of [credentials.secretKey, credentials.token]) expect(text).not.toContain(secret);
    // The key in state is withdrawn; the stack has none now, and the environment has another.
    const other = createTestEngineDriver({
      programDirectory: stand.directory,
      stack: "test",
      resources: [],
      env: {
        PULUMI_BIGDATA_TEST_CLOCK: `${stand.sim.url}/_sim/clock`,
        PULUMI_BIGDATA_STATE_DIR: stand.journalDirectory,
        TENCENTCLOUD_SECRET_ID: credentials.secretId,
        TENCENTCLOUD_SECRET_KEY: credentials.secretKey,
        TENCENTCLOUD_SECURITY_TOKEN: credentials.token,
      },
    });
    const state = JSON.parse(text.replaceAll(credentials.secretId, "AKIDwithdrawn"));
    await other.setConfig("bigdata:tencentRegion", "ap-guangzhou");
    await other.setConfig("bigdata:tencentEndpoint", stand.sim.url);
    await other.importState(state);
    const refreshed = await other.refresh();
    await other.dispose();
    expect(refreshed.error).toBeUndefined();
  });
});

test("secrets that a program gives stay secret in state and are told nowhere", async () => {
  const stand = await makeStand();
  const value = "swordfish-4711";
  stand.sim.vke.createCluster({
    clusterId: vkeClusterId,
    applications: { Ray: { RayOperator: ["operator"] } },
  });
  const inputs = {
    clusterId: vkeClusterId,
    application: "Ray",
    components: ["RayOperator"],
    state: "running",
    applicationConfigs: [{ file: "values.yaml", key: "token", value }],
  };
  declare(stand, of("volcengine:EmrApplicationState", "ray", inputs));
  stand.sim.faults.add({
    kind: "error",
    action: "RunApplicationAction",
    code: "InvalidParameter",
    message: `no ${value}`,
  });
  const results = [
    await stand.stack.preview(),
    await stand.stack.up(),
    await stand.stack.up(),
    await stand.stack.refresh(),
  ];
  expect(results[1]?.error).toMatch(/no \[secret\]/);
  expect(results[2]?.error).toBeUndefined();
  // Marked by the provider, without the help of any SDK.
  expect(JSON.stringify([await stand.stack.exportState(), results])).not.toContain(value);
});

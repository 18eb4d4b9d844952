// Whole stacks through the plugin: what is imported and where it stays, whose credentials are used, whose nodes go, what a
// preview says, and limits from outside.
import { describe, expect, onTestFinished, test } from "vitest";
import { secret } from "../../provider/doors/plugin/values";
import { startSimulator } from "../../simulator/index";
import { createTestEngineDriver } from "../drivers/testEngine";
import type { ListedResource } from "../engine/resourceList";
import {
  credentials,
  declare,
  door,
  makeStand,
  providerConfig,
  type Stand,
  stateOf,
  stepsOf,
} from "../scenarios/stand";
import { dataEngineId, newVersion, oldVersion, vkeClusterId } from "../scenarios/subjects";
import { shellText } from "../sdk/shellText";

const of = (
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  more: Partial<ListedResource> = {},
): ListedResource => ({ type: `bigdata:${type}`, name, inputs: inputs as never, ...more });

const pool = (
  stand: Stand,
  count: number,
  more = {},
  options: Partial<ListedResource> = {},
  name = "workers",
) => of("tencent:EmrNodePool", name, { clusterId: stand.clusterId, role: "task", count, ...more }, options);

const service = (stand: Stand, more = {}, options: Partial<ListedResource> = {}) =>
  of(
    "tencent:EmrServiceState",
    "service",
    { clusterId: stand.clusterId, service: "YARN", state: "running", ...more },
    options,
  );

const empty = { version: 3, deployment: { manifest: { time: "", magic: "", version: "" } } };

/** Makes a pool, and forgets it. */
async function strayPool(stand: Stand, inputs: Record<string, unknown>): Promise<void> {
  declare(stand, of("tencent:EmrNodePool", "first", inputs));
  expect((await stand.stack.up()).error).toBeUndefined();
  await stand.stack.importState(empty);
}

describe("what was imported and never changed", () => {
  test("stays where it is when another region is configured", async () => {
    const stand = await makeStand();
    const { stack, sim, clusterId } = stand;
    sim.dlc.createEngine({ dataEngineId });
    sim.vke.createCluster({ clusterId: vkeClusterId, applications: { Ray: { RayOperator: ["o"] } } });
    await strayPool(stand, { clusterId, role: "task", count: 1, poolId: "p" });
    const imported: [string, string, string, Record<string, unknown>][] = [
      [
        "tencent:EmrNodePool",
        "pool",
        `${clusterId}/task/p`,
        { clusterId, role: "task", count: 1, poolId: "p" },
      ],
      [
        "tencent:EmrServiceState",
        "service",
        `${clusterId}/YARN`,
        { clusterId, service: "YARN", state: "running" },
      ],
      ["tencent:DlcEngineImage", "image", dataEngineId, { dataEngineId, imageVersion: oldVersion }],
      [
        "volcengine:EmrApplicationState",
        "application",
        `${vkeClusterId}/Ray`,
        { clusterId: vkeClusterId, application: "Ray", state: "running" },
      ],
    ];
    for (const [type, name, id] of imported)
      expect((await stack.importResource({ type: `bigdata:${type}`, name, id })).error).toBeUndefined();
    declare(stand, ...imported.map(([type, name, , inputs]) => of(type, name, inputs)));
    expect((await stack.up()).error).toBeUndefined();
    await stack.setConfig("bigdata:tencentRegion", "ap-beijing");
    await stack.setConfig("bigdata:volcengineRegion", "cn-shanghai");
    expect(stepsOf(await stack.refresh())).toEqual([]);
  });

  test("shows a pool whose nodes are all gone, as any other pool", async () => {
    const stand = await makeStand();
    const inputs = { clusterId: stand.clusterId, role: "task", count: 1, poolId: "p" };
    await strayPool(stand, inputs);
    const { stack } = stand;
    const id = `${stand.clusterId}/task/p`;
    await stack.importResource({ type: "bigdata:tencent:EmrNodePool", name: "p", id });
    declare(stand, of("tencent:EmrNodePool", "p", inputs));
    expect((await stack.up()).error).toBeUndefined();
    stand.sim.emr.removeNode(stand.clusterId, stand.nodeIds()[0] ?? "");
    expect(stepsOf(await stack.refresh())).toEqual(["update p"]);
  });

  test("can be a core pool, with settings that its fingerprint proves", async () => {
    const stand = await makeStand();
    const inputs = { clusterId: stand.clusterId, role: "core", count: 1, poolId: "c", yarnNodeLabel: "fast" };
    await strayPool(stand, inputs);
    const id = `${stand.clusterId}/core/c`;
    await stand.stack.importResource({ type: "bigdata:tencent:EmrNodePool", name: "c", id });
    declare(stand, of("tencent:EmrNodePool", "c", inputs));
    const preview = await stand.stack.preview();
    expect([preview.error, stepsOf(preview)]).toEqual([undefined, []]);
    for (const other of [{ yarnNodeLabel: "slow" }, { zoneId: 100004 }, { payMode: 1, timeSpan: 1 }]) {
      declare(stand, of("tencent:EmrNodePool", "c", { ...inputs, ...other }));
      const { error = "no error" } = await stand.stack.preview();
      expect(error).toMatch(new RegExp(`${Object.keys(other)[0]}.*: cannot be changed on a core pool`));
    }
  });

  test("sees what its own fingerprint says is its own", async () => {
    const first = await makeStand();
    const second = await makeStand({ sim: first.sim, project: "other" });
    const inputs = { clusterId: first.clusterId, role: "task", poolId: "p", yarnNodeLabel: "fast" };
    declare(first, of("tencent:EmrNodePool", "p", { ...inputs, count: 1 }));
    expect((await first.stack.up()).error).toBeUndefined();
    const id = `${first.clusterId}/task/p`;
    await second.stack.importResource({ type: "bigdata:tencent:EmrNodePool", name: "p", id });
    declare(first, of("tencent:EmrNodePool", "p", { ...inputs, count: 2 }));
    expect((await first.stack.up()).error).toBeUndefined();
    expect(stepsOf(await second.stack.refresh())).toEqual(["update p"]);
    expect(await stateOf(second, "p")).toMatchObject({ nodeCount: 2 });
  });
});

describe("whose account it is", () => {
  test.each(["default_eu"])("a provider that the program calls %s is the program's", async (name) => {
    const stand = await makeStand();
    const other = { secretId: "AKIDother", secretKey: "otherAccountSecretKey0001" };
    const second = await startSimulator({ credentials: [other], timeScale: 0.1 });
    onTestFinished(() => second.close());
    const inputs = {
      tencentSecretId: other.secretId,
      tencentSecretKey: other.secretKey,
      tencentRegion: "ap-guangzhou",
      tencentEndpoint: second.url,
    };
    const own = { type: "pulumi:providers:bigdata", name, inputs: inputs as never };
    declare(stand, own, service(stand, {}, { provider: name }));
    // Only the first account has the cluster: the second says that there is none.
    expect((await stand.stack.up()).error ?? "no error").toMatch(/does not exist/);
    expect(stand.sim.journal).toEqual([]);
  });

  /** Another machine, later: nothing but what state recorded, and this. */
  async function later(stand: Stand, config: Record<string, string>, env: Record<string, string> = {}) {
    const state = await stand.stack.exportState();
    const other = createTestEngineDriver({
      programDirectory: stand.directory,
      stack: "test",
      resources: [],
      env: {
        PULUMI_BIGDATA_TEST_CLOCK: `${stand.sim.url}/_sim/clock`,
        PULUMI_BIGDATA_STATE_DIR: stand.journalDirectory,
        ...env,
      },
    });
    onTestFinished(() => other.dispose());
    for (const [key, value] of Object.entries(config)) await other.setConfig(`bigdata:${key}`, value);
    await other.importState(state);
    return other;
  }

  const permanent = { secretId: "AKIDpermanent", secretKey: "permanentSecretKey0001" };

  test("permanent keys of today do not meet the token of yesterday's temporary ones", async () => {
    const stand = await makeStand({ simulator: { credentials: [credentials, permanent] } });
    declare(stand, service(stand));
    expect((await stand.stack.up()).error).toBeUndefined();
    const stack = await later(stand, {
      tencentSecretId: permanent.secretId,
      tencentSecretKey: permanent.secretKey,
    });
    expect((await stack.refresh()).error).toBeUndefined();
  });

  test("a profile's keys in the environment are newer than those in state", async () => {
    const stand = await makeStand({ simulator: { credentials: [credentials, permanent] } });
    const keys = { tencentSecretId: permanent.secretId, tencentSecretKey: permanent.secretKey };
    await stand.stack.setConfig("bigdata:profiles", JSON.stringify({ prod: keys }), { secret: true });
    declare(stand, service(stand, { profile: "prod" }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(JSON.stringify(await stand.stack.exportState())).not.toContain(permanent.secretKey);
    const stack = await later(
      stand,
      {},
      { TENCENTCLOUD_SECRET_ID_PROD: "AKIDenvironment", TENCENTCLOUD_SECRET_KEY_PROD: "environmentKey0001" },
    );
    // The environment's keys are asked with: the cloud does not know them, and says so.
    expect((await stack.refresh()).error ?? "no error").toMatch(/AuthFailure/);
  });
});

describe("what is renamed while its provider changes", () => {
  /** Two providers are two processes, as two versions of the plugin are. */
  const providerOf = ({ sim }: Stand, name: string): ListedResource => ({
    type: "pulumi:providers:bigdata",
    name,
    inputs: providerConfig(sim.url),
  });

  test("keeps its nodes where the plugin gets another version", async () => {
    const stand = await makeStand();
    declare(stand, providerOf(stand, "v1"), pool(stand, 2, { poolId: "p" }, { provider: "v1" }, "before"));
    expect((await stand.stack.up()).error).toBeUndefined();
    const nodes = stand.nodeIds();
    const [next, provider] = [providerOf(stand, "v2"), { provider: "v2" }];
    declare(stand, next, pool(stand, 2, { poolId: "p" }, provider, "after"));
    // Without an alias it is a new pool, which takes over what it is told to.
    expect((await stand.stack.up()).error).toMatch(/needs aliases/);
    declare(stand, next, pool(stand, 2, { poolId: "p", adopt: nodes }, provider, "after"));
    const up = await stand.stack.up();
    expect([up.error, stand.bought(), stand.nodeIds()]).toEqual([undefined, 2, nodes]);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([]);
  });

  // Two doors are two processes.
  test.skipIf(door === "direct")(
    "keeps its nodes on its way from the dynamic door to the plugin",
    async () => {
      const stand = await makeStand();
      const type = "tencent:EmrNodePool";
      const { inputs = {} } = pool(stand, 2, { poolId: "p" });
      const dynamic = { ...inputs, __provider: shellText(type) };
      declare(stand, { type: `pulumi-nodejs:dynamic/bigdata/${type}`, name: "before", inputs: dynamic });
      expect((await stand.stack.up()).error).toBeUndefined();
      const nodes = stand.nodeIds();
      declare(stand, pool(stand, 2, { poolId: "p" }, {}, "after"));
      expect((await stand.stack.up()).error).toMatch(/needs aliases/);
      declare(stand, pool(stand, 2, { poolId: "p", adopt: nodes }, {}, "after"));
      const up = await stand.stack.up();
      expect([up.error, stand.bought(), stand.nodeIds()]).toEqual([undefined, 2, nodes]);
    },
  );

  test("keeps its state", async () => {
    const stand = await makeStand();
    const inputs = {
      clusterId: stand.clusterId,
      service: "YARN",
      state: "running",
      onDelete: "stopped",
    };
    declare(
      stand,
      providerOf(stand, "v1"),
      of("tencent:EmrServiceState", "before", inputs, { provider: "v1" }),
    );
    expect((await stand.stack.up()).error).toBeUndefined();
    declare(
      stand,
      providerOf(stand, "v2"),
      of("tencent:EmrServiceState", "after", inputs, { provider: "v2" }),
    );
    const up = await stand.stack.up();
    expect([up.error, stepsOf(up)]).toEqual([undefined, ["create after", "delete before"]]);
    expect(stand.changes()).toEqual([]);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.changes()).toEqual(["StartStopServiceOrMonitor"]);
  });
});

describe("secrets", () => {
  test("a secret input is told by no preview", async () => {
    const stand = await makeStand();
    declare(stand, service(stand, { state: "running" }));
    expect((await stand.stack.up()).error).toBeUndefined();
    declare(stand, pool(stand, 1, { clusterId: secret(stand.clusterId) }));
    const preview = await stand.stack.preview();
    expect(preview.error).toBeUndefined();
    const told = preview.messages.filter(({ urn }) => urn?.endsWith("::workers"));
    expect(told).not.toEqual([]);
    expect(JSON.stringify(told)).not.toContain(stand.clusterId);
  });

  test("one inside an input is the same after a refresh", async () => {
    const stand = await makeStand();
    declare(stand, service(stand, { restartTriggers: { key: secret("swordfish-4711") } }));
    expect((await stand.stack.up()).error).toBeUndefined();
    const refreshed = await stand.stack.refresh();
    expect(stepsOf(refreshed)).toEqual([]);
    declare(stand, service(stand, { restartTriggers: { key: secret("swordfish-4711") } }));
    const exported = await stand.stack.exportState();
    expect(JSON.stringify([refreshed, exported])).not.toContain("swordfish");
    expect(stepsOf(await stand.stack.up())).toEqual([]);
    expect(stand.changes()).toEqual([]);
  });
});

describe("a state that is left alone can be any", () => {
  test("of a service", async () => {
    const stand = await makeStand();
    declare(stand, service(stand));
    await stand.stack.up();
    stand.sim.emr.stopProcesses(stand.clusterId, { service: "YARN", component: "NodeManager" });
    await stand.stack.refresh();
    declare(stand, service(stand, {}, { options: { ignoreChanges: ["state"] } }));
    const up = await stand.stack.up();
    expect([up.error, stepsOf(up)]).toEqual([undefined, []]);
    expect(stand.changes()).toEqual([]);
    // Looked at again, half of it running is still no state to ask for, and still a difference where it is not left alone.
    await stand.stack.refresh();
    declare(stand, service(stand));
    const preview = await stand.stack.preview();
    expect([preview.error, stepsOf(preview)]).toEqual([undefined, ["update service"]]);
  });

  test("of an application", async () => {
    const stand = await makeStand();
    const { sim, stack } = stand;
    sim.vke.createCluster({
      clusterId: vkeClusterId,
      applications: { Ray: { RayOperator: ["operator"], RayHistory: ["history"] } },
    });
    const inputs = { clusterId: vkeClusterId, application: "Ray", state: "running" };
    const application = (options = {}) => of("volcengine:EmrApplicationState", "ray", inputs, { options });
    declare(stand, application());
    expect((await stack.up()).error).toBeUndefined();
    sim.vke.setState(vkeClusterId, "Ray", "RayHistory", "history", "STOPPED");
    await stack.refresh();
    expect(await stateOf(stand, "ray")).toMatchObject({ runState: "partial" });
    declare(stand, application({ ignoreChanges: ["state"] }));
    const up = await stack.up();
    expect([up.error, stepsOf(up)]).toEqual([undefined, []]);
    expect(sim.vke.actions(vkeClusterId)).toEqual([]);
    declare(stand, application());
    expect((await stack.up()).error).toBeUndefined();
    expect(await stateOf(stand, "ray")).toMatchObject({ runState: "running" });
  });
});

test("a preview does not promise the minor version that it has not looked for", async () => {
  const stand = await makeStand();
  stand.sim.dlc.createEngine({ dataEngineId, imageVersion: newVersion });
  declare(stand, of("tencent:DlcEngineImage", "image", { dataEngineId, imageVersion: newVersion }));
  expect((await stand.stack.up()).error).toBeUndefined();
  stand.sim.dlc.createChildImage(stand.sim.dlc.image(newVersion).imageVersionId);
  declare(
    stand,
    of("tencent:DlcEngineImage", "image", { dataEngineId, imageVersion: newVersion, childVersion: "latest" }),
  );
  const preview = await stand.stack.preview();
  const promised = preview.steps.find(({ name }) => name === "image")?.newState?.outputs?.[
    "childImageVersionId"
  ];
  expect((await stand.stack.up()).error).toBeUndefined();
  const is = (await stateOf(stand, "image"))?.["childImageVersionId"];
  expect([is, "04da6b54-80e4-46f7-96ec-b56ff0331ba9"]).toContain(promised);
});

describe("limits from outside", () => {
  test("reading has one too", async () => {
    const stand = await makeStand();
    declare(stand, service(stand, {}, { options: { customTimeouts: { read: 5 } } }));
    await stand.stack.up();
    stand.sim.faults.add({ kind: "throttle", action: "DescribeInstances", times: 9 });
    const before = stand.sim.clock.now();
    const { error = "no error" } = await stand.stack.refresh();
    expect(error).toMatch(/customTimeouts\.read/);
    expect(stand.sim.clock.now() - before).toBeLessThan(30_000);
  });

  test("reading has one too where the cloud does not answer", async () => {
    const stand = await makeStand();
    declare(stand, service(stand, {}, { options: { customTimeouts: { read: 1 } } }));
    await stand.stack.up();
    stand.sim.faults.add({ kind: "delayAnswer", action: "DescribeInstances", milliseconds: 8_000 });
    const before = Date.now();
    const { error = "no error" } = await stand.stack.refresh();
    expect(error).toMatch(/Raise customTimeouts\.read \(now 1s\)/);
    expect(Date.now() - before).toBeLessThan(6_000);
  });

  test("need not be whole seconds", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1, {}, { options: { customTimeouts: { create: 3600.5 } } }));
    expect((await stand.stack.up()).error).toBeUndefined();
  });
});

test("a Cancel does not wait for a cloud that does not answer", async () => {
  const stand = await makeStand();
  stand.sim.faults.add({ kind: "delayAnswer", action: "DescribeInstances", milliseconds: 8_000 });
  const stop = new AbortController();
  let at = 0;
  stand.sim.onCall(({ action, phase }) => {
    if (action !== "DescribeInstances" || phase !== "received" || at > 0) return;
    at = Date.now();
    setTimeout(() => stop.abort(), 50);
  });
  declare(stand, service(stand));
  expect((await stand.stack.up({ signal: stop.signal })).ok).toBe(false);
  expect(Date.now() - at).toBeLessThan(4_000);
});

test("a big pool that is stopped half way is in state", async () => {
  const stand = await makeStand();
  stand.sim.faults.add({ kind: "error", action: "ScaleOutInstance", code: "InvalidParameter", skip: 9 });
  declare(stand, pool(stand, 200));
  const { error } = await stand.stack.up();
  expect(error).toMatch(/InvalidParameter/);
  expect((await stateOf(stand))?.["nodeCount"]).toBe(180);
});

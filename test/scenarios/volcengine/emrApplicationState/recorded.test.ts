// What state and the journal say afterwards: nothing that is not so, nothing lost, nothing left out in silence.
// The handlers are called as the engine calls them, without its processes, so that many runs take little time.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Context } from "../../../../provider/base/context";
import { messageOf, PartialFailure } from "../../../../provider/base/errors";
import { emrApplicationState } from "../../../../provider/volcengine/emr/applicationState/resource";
import type { ApplicationState as State } from "../../../../provider/volcengine/emr/applicationState/schema";
import { type Simulator, startSimulator, type VolcengineSettings } from "../../../../simulator/index";
import { scratch } from "../../../scratch";
import { contextOn } from "../../../session";
import { credentials } from "../../stand";

let latest: Simulator | undefined;
const clusterId = "emr-vke-attack";

/** A cloud, and what an engine does with the resource: keeps state, and hands it to the next operation. */
async function withResource(settings: Partial<VolcengineSettings> = {}) {
  // Calls of this process keep their distance from each other, so that time must not go back.
  const startTime = new Date((latest?.clock.now() ?? Date.now()) + 3_600_000);
  const sim = await startSimulator({ credentials: [credentials], timeScale: 0.1, startTime });
  latest = sim;
  const directory = mkdtempSync(join(scratch, "vke-"));
  onTestFinished(async () => {
    rmSync(directory, { recursive: true, force: true });
    await sim.close();
  });
  Object.assign(sim.settings.volcengine, settings);
  sim.vke.createCluster({
    clusterId,
    applications: {
      Ray: {
        RayCluster: ["batch", "serving"],
        RayOperator: ["ray-operator"],
        RayHistoryServer: ["ray-history-server"],
      },
    },
  });
  const now = {
    state: undefined as State | undefined,
    id: "",
    journal: join(directory, "journal"),
    dead: false,
  };
  const told: string[] = [];
  const config: Record<string, string> = {
    volcengineAccessKey: credentials.secretId,
    volcengineSecretKey: credentials.secretKey,
    volcengineSessionToken: credentials.token,
    volcengineRegion: "cn-beijing",
    volcengineEndpoint: sim.url,
  };
  /** A provider process of its own. */
  const process = (): Context => {
    const context = contextOn(sim, config, { journalDirectory: now.journal });
    const { sleep } = context.clock;
    const alive = async () => {
      if (now.dead) throw new Error("killed");
      return sim.clock.now();
    };
    return { ...context, clock: { now: alive, sleep }, progress: (message) => told.push(message) };
  };
  const inputsOf = (more: Record<string, unknown>) => {
    const given = { clusterId, application: "Ray", components: ["RayOperator"], state: "running", ...more };
    const { inputs, failures } = emrApplicationState.check(given, {});
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    return inputs;
  };
  /** Deploys, and returns the error. */
  const up = async (more: Record<string, unknown> = {}): Promise<string | undefined> => {
    const inputs = inputsOf(more);
    const { state, id } = now;
    now.dead = false;
    try {
      if (!state) {
        Object.assign(now, await emrApplicationState.create(process(), inputs));
      } else if (emrApplicationState.diff(state, inputs).changes) {
        now.state = await emrApplicationState.update(process(), id, state, inputs);
      }
      return undefined;
    } catch (error) {
      if (error instanceof PartialFailure && !now.dead)
        Object.assign(now, { id: error.id, state: error.properties });
      return messageOf(error);
    }
  };
  const refresh = async () => {
    if (!now.state) throw new Error("no state");
    const seen = await emrApplicationState.read(process(), now.id, now.state);
    now.state = seen?.state;
    return seen?.state;
  };
  const destroy = async (): Promise<string | undefined> => {
    try {
      // By another id: in this process it was created too.
      if (now.state) await emrApplicationState.delete(process(), `${now.id}-`, now.state);
      now.state = undefined;
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  };
  /** The process dies at the next call like this: before the cloud acts, or before it answers. */
  const killAt = (call: string, at: "received" | "acted") => {
    const stop = sim.onCall(({ action, phase }) => {
      if (action !== call || phase !== at) return undefined;
      stop();
      now.dead = true;
      return "drop";
    });
  };
  const actions = () => sim.vke.actions(clusterId).map(({ actionName }) => actionName);
  const instance = (component = "RayOperator", name = "ray-operator") =>
    sim.vke.instance(clusterId, "Ray", component, name);
  return { sim, now, told, config, up, refresh, destroy, killAt, actions, instance, process, inputsOf };
}

const one = { restartTriggers: { image: "1" } };
const two = { restartTriggers: { image: "2" } };
const item = (value: string) => [{ file: "ray-operator-values.yaml", key: "mode", value }];

describe("what is wanted is done", () => {
  test("where this machine's journal is older than the state", async () => {
    const { up, now, actions } = await withResource();
    const first = now.journal;
    for (const inputs of [{ restartTriggers: { image: "0" } }, one]) await up(inputs);
    now.journal = `${first}-elsewhere`;
    await up(two);
    now.journal = first;
    expect(await up(one)).toBeUndefined();
    expect(actions()).toEqual(["restart", "restart", "restart"]);
  });

  test("where the same was declared, left and changed by others before", async () => {
    const { sim, up, destroy } = await withResource();
    await up({ applicationConfigs: item("x") });
    await destroy();
    sim.vke.setConfig(clusterId, "Ray", { file: "ray-operator-values.yaml", key: "mode", value: "else" });
    sim.vke.actInConsole(clusterId, "restart", { application: "Ray", component: "RayOperator" });
    sim.clock.advance(60_000);
    expect(await up({ applicationConfigs: item("x") })).toBeUndefined();
    expect(sim.vke.configs(clusterId, "Ray")[0]).toMatchObject({ effective: "x" });
  });

  test("for a component that is added where instances cannot be seen", async () => {
    const { up, instance } = await withResource({ newerVersion: false });
    await up({ state: "stopped" });
    await up({ state: "stopped", components: ["RayOperator", "RayHistoryServer"] });
    expect(instance("RayHistoryServer", "ray-history-server").state).toBe("STOPPED");
  });

  test("after a start that failed unseen, and a refresh", async () => {
    const { sim, up, refresh, actions } = await withResource({ newerVersion: false });
    sim.faults.add({ kind: "operationFails" });
    expect(await up()).toMatch(/ended FAILED/);
    await refresh();
    await up();
    expect(actions()).toEqual(["start", "start"]);
  });

  test("when configuration drifts, where operations have no ids", async () => {
    const { sim, up, refresh, actions } = await withResource({
      operationIdInAnswer: false,
      deniedActions: ["ListOperations"],
    });
    await up({ applicationConfigs: item("a") });
    sim.vke.setConfig(clusterId, "Ray", { file: "ray-operator-values.yaml", key: "mode", value: "else" });
    expect(await refresh()).toMatchObject({ configsApplied: false });
    await up({ applicationConfigs: item("a") });
    expect(actions()).toEqual(["restart", "restart"]);
  });

  test("once only, for configuration that is there but not on the first page", async () => {
    const { sim, up, actions } = await withResource();
    for (let index = 0; index < 12; index++) {
      const set = sim.vke.setConfig(clusterId, "Ray", { file: "f", key: `k${index}`, value: "v" });
      set.effective = "v";
    }
    expect(await up({ applicationConfigs: [{ file: "f", key: "k11", value: "v" }] })).toBeUndefined();
    expect(actions()).toEqual([]);
  });
});

describe("configuration that is taken back after it may have got there is not said to be as before", () => {
  test("after a doubt", async () => {
    const { sim, up, now } = await withResource({ newerVersion: false });
    await up({ applicationConfigs: item("a") });
    sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    await up({ applicationConfigs: item("b") });
    await up({ applicationConfigs: item("a") });
    const { effective } = sim.vke.configs(clusterId, "Ray")[0] ?? {};
    expect([effective, now.state?.configsApplied]).not.toEqual(["b", true]);
  });

  test("after the second of two components failed", async () => {
    const { sim, up, now } = await withResource();
    const components = ["RayHistoryServer", "RayOperator"];
    await up({ components, applicationConfigs: item("a") });
    sim.faults.add({ kind: "operationFails", skip: 1 });
    await up({ components, applicationConfigs: item("b") });
    await up({ components, applicationConfigs: item("a") });
    const { effective } = sim.vke.configs(clusterId, "Ray")[0] ?? {};
    expect([effective, now.state?.configsApplied]).not.toEqual(["b", true]);
  });
});

describe("a deletion does what it was asked for, or says that it cannot", () => {
  test("where the instances cannot be listed any more", async () => {
    const { sim, up, destroy, actions } = await withResource();
    sim.vke.removeInstance(clusterId, "Ray", "RayCluster", "serving");
    await up({ components: undefined, onDelete: "stopped" });
    sim.settings.volcengine.deniedActions.push("ListComponentInstances");
    expect([await destroy(), actions().length]).not.toEqual([undefined, 0]);
  });

  test("where the component has got a second instance", async () => {
    const { sim, up, destroy, actions } = await withResource();
    await up({ onDelete: "stopped" });
    sim.vke.addInstance(clusterId, "Ray", "RayOperator", "second");
    expect([await destroy(), actions().length]).not.toEqual([undefined, 0]);
  });

  test("and can be told to leave things: of a cluster that is gone, or where the action is refused", async () => {
    const { sim, up, destroy, now } = await withResource();
    await up({ onDelete: "stopped" });
    sim.settings.volcengine.deniedActions.push("RunApplicationAction");
    expect(await destroy()).toMatch(/RunApplicationAction failed: .*AccessDenied/);
    expect(now.state).toBeDefined();
    await up({ onDelete: "leave" });
    expect(await destroy()).toBeUndefined();
    await up({ onDelete: "stopped" });
    sim.vke.removeCluster(clusterId);
    expect(await destroy()).toBeUndefined();
  });
});

describe("nothing is lost or mixed up", () => {
  test("where instances tell their names under a field that is not known", async () => {
    const { sim, up, refresh } = await withResource();
    sim.vke.removeInstance(clusterId, "Ray", "RayCluster", "serving");
    await up({ components: ["RayCluster"], releaseName: "batch" });
    Object.assign(sim.settings.volcengine, { instanceShape: "InstanceState/Pod" });
    expect(await refresh()).toBeDefined();
  });

  test("where more than a page of applications is listed, and each page is the first", async () => {
    const { sim, up, refresh } = await withResource({ nextToken: "stuck" });
    await up();
    const { applications } = sim.vke.cluster(clusterId);
    const ray = sim.vke.application(clusterId, "Ray");
    applications.clear();
    for (let index = 0; index < 120; index++)
      applications.set(`App${index}`, { ...ray, name: `App${index}` });
    applications.set("Ray", ray);
    expect(await refresh().catch(() => "kept")).toBeDefined();
  });

  test("where two namespaces have the release, and namespaces are not shown", async () => {
    const { sim, up, actions } = await withResource({ namespaceShown: false });
    sim.vke.addInstance(clusterId, "Ray", "RayCluster", { name: "batch", namespace: "other" });
    await up({ components: ["RayCluster"], releaseName: "batch", state: "stopped" });
    expect(actions()).toEqual([]);
  });

  test("where two namespaces have the release: nothing is done to either", async () => {
    const { sim, up, actions } = await withResource();
    sim.vke.addInstance(clusterId, "Ray", "RayCluster", { name: "batch", namespace: "other" });
    expect(await up({ components: ["RayCluster"], releaseName: "batch", state: "stopped" })).toMatch(
      /2 instances called batch \(in default, other\)/,
    );
    expect(actions()).toEqual([]);
  });

  test.each(["currentPage", "nextPage", "stuck"] as const)("in many pages (%s)", async (nextToken) => {
    for (const count of [8, 60, 250]) {
      const { sim, up, refresh, instance } = await withResource({ nextToken });
      for (let index = 0; index < count; index++)
        sim.vke.addInstance(clusterId, "Ray", "RayCluster", `r${index}`);
      const last = `r${count - 1}`;
      expect(await up({ components: ["RayCluster"], releaseName: last, state: "stopped" })).toBeUndefined();
      expect(instance("RayCluster", last).state).toBe("STOPPED");
      expect(await refresh()).toMatchObject({ driftVisible: nextToken !== "stuck" || count < 100 });
    }
  });

  test.each(
    [
      "GetVirtualCluster",
      "ListApplications",
      "ListComponentInstances",
      "ListOperations",
      "ListConfigs",
    ].flatMap((action) => [
      [action, "deniedActions"],
      [action, "missingActions"],
    ]),
  )("where %s is among the %s", async (action = "", how = "") => {
    const { sim, up, refresh, now, actions } = await withResource();
    await up({ applicationConfigs: item("a") });
    const refused = { [how]: [action, `2023-12-30/${action}`, `2024-06-13/${action}`] };
    Object.assign(sim.settings.volcengine, refused);
    await refresh().catch(() => {});
    expect(now.state).toBeDefined();
    const error = await up({ applicationConfigs: item("b") });
    if (action === "GetVirtualCluster") return expect(error).toMatch(/GetVirtualCluster failed: .*RequestId/);
    expect([error, actions()]).toEqual([undefined, ["restart", "restart"]]);
    // What is regained is used.
    Object.assign(sim.settings.volcengine, { [how]: [] });
    expect(await refresh()).toMatchObject({ driftVisible: true, runState: "running" });
    expect(await up({ applicationConfigs: item("b") })).toBeUndefined();
    expect(actions()).toHaveLength(2);
  });
});

describe("what is told is so", () => {
  test("of how to get out of a doubt about configuration", async () => {
    const { sim, up } = await withResource({ newerVersion: false });
    await up({ ...one, applicationConfigs: item("a") });
    sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    expect(await up({ ...one, applicationConfigs: item("b") })).toMatch(/applicationConfigs/);
  });

  test("of a journal that is damaged: no purchase is meant", async () => {
    const { up, now } = await withResource();
    for (const inputs of [one, two]) await up(inputs);
    for (const name of readdirSync(now.journal)) writeFileSync(join(now.journal, name), "{");
    expect(await up(one)).not.toMatch(/purchase|bought/);
  });

  test("of an earlier run's action: not another call's RequestId", async () => {
    const { sim, up, killAt, told, now } = await withResource();
    for (const inputs of [one, two]) await up(inputs);
    const before = String(now.state?.lastRequestId);
    sim.faults.add({ kind: "operationFails" });
    killAt("GetOperation", "received");
    await up(one);
    await up(one);
    expect(told.find((line) => line.includes("ended FAILED"))).not.toContain(before);
  });

  test("without a fingerprint that short secrets can be guessed from", async () => {
    const { sim, up, now } = await withResource({ newerVersion: false });
    await up();
    sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    await up({ applicationConfigs: item("1234") });
    const guess = createHash("sha256").update(JSON.stringify([[], item("1234"), ""]));
    expect(JSON.stringify(now.state?.pendingAction)).not.toContain(guess.digest("hex"));
  });

  test("by a plan while the components are unknown", async () => {
    const { up, now, inputsOf } = await withResource();
    await up();
    const components = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const news = { ...inputsOf({}), components: components as never };
    expect(() => emrApplicationState.planFromState(now.state, news)).not.toThrow();
  });

  test("of a doubt that another machine has: nothing is sent, and taking it back helps", async () => {
    const { sim, up, now, actions } = await withResource({ newerVersion: false });
    await up(one);
    sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    await up(two);
    now.journal += "-elsewhere";
    expect(await up(two)).toMatch(/not sent again on a guess/);
    now.journal += "-again";
    expect(await up(one)).toBeUndefined();
    expect(actions()).toEqual(["start", "restart"]);
    expect(now.state?.pendingAction).toBeUndefined();
  });

  test("of configuration that is masked, or does not stay", async () => {
    const { sim, up, refresh, actions } = await withResource();
    sim.onCall(({ action, phase }) => {
      if (action !== "ListConfigs" || phase !== "received") return;
      for (const config of sim.vke.configs(clusterId, "Ray"))
        Object.assign(config, { value: "***", effective: "***" });
    });
    await up({ applicationConfigs: item("a") });
    sim.settings.volcengine.configsPersist = false;
    await up({ applicationConfigs: item("b") });
    await refresh();
    expect(await up({ applicationConfigs: item("b") })).toBeUndefined();
    expect(actions()).toEqual(["restart", "restart"]);
  });

  test("of triggers that go back and forth, and of what changes while stopped", async () => {
    const { sim, up, actions } = await withResource();
    for (const inputs of [one, two, one, two]) expect(await up(inputs)).toBeUndefined();
    expect(actions()).toEqual(["restart", "restart", "restart"]);
    await up({ ...one, state: "stopped", applicationConfigs: item("z") });
    await up({ ...one, applicationConfigs: item("z") });
    expect(actions().slice(3)).toEqual(["stop", "start"]);
    expect(sim.vke.configs(clusterId, "Ray")[0]).toMatchObject({ effective: "z" });
  });
});

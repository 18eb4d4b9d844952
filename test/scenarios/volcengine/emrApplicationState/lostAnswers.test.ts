// Acts that could be done twice, or not at all, under every answer that can be lost: what must hold, and what does not yet.
// The handlers are called as the engine calls them, without its processes, so that many runs take little time.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Context } from "../../../../provider/base/context";
import { messageOf, PartialFailure } from "../../../../provider/base/errors";
import { emrApplicationState } from "../../../../provider/volcengine/emr/applicationState/resource";
import type { ApplicationState as State } from "../../../../provider/volcengine/emr/applicationState/schema";
import {
  type Fault,
  type Simulator,
  startSimulator,
  type VolcengineSettings,
} from "../../../../simulator/index";
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
    return { ...context, clock: { now: alive, sleep } };
  };
  const inputsOf = (more: Record<string, unknown>) => {
    const given = { clusterId, application: "Ray", components: ["RayOperator"], state: "running", ...more };
    const { inputs, failures } = emrApplicationState.check(given, {});
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    return inputs;
  };
  /** Deploys, and returns the error. `lost`: the engine never gets the answer. */
  const up = async (
    more: Record<string, unknown> = {},
    { lost = false } = {},
  ): Promise<string | undefined> => {
    const inputs = inputsOf(more);
    const { state, id } = now;
    now.dead = false;
    try {
      if (!state) {
        const made = await emrApplicationState.create(process(), inputs);
        if (!lost) Object.assign(now, made);
      } else if (emrApplicationState.diff(state, inputs).changes) {
        const updated = await emrApplicationState.update(process(), id, state, inputs);
        if (!lost) now.state = updated;
      }
      return undefined;
    } catch (error) {
      if (error instanceof PartialFailure && !now.dead && !lost)
        Object.assign(now, { id: error.id, state: error.properties });
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
  /** Something that others do, once a call like this is there. */
  const during = (call: string, at: "received" | "acted", work: () => void) => {
    const stop = sim.onCall(({ action, phase }) => {
      if (action !== call || phase !== at) return;
      stop();
      work();
    });
  };
  return { sim, now, up, killAt, actions, instance, during, process, inputsOf };
}

const one = { restartTriggers: { image: "1" } };
const two = { restartTriggers: { image: "2" } };
const item = (value: string) => [{ file: "ray-operator-values.yaml", key: "mode", value }];
const noInstances = { deniedActions: ["ListComponentInstances"] };
const operator = { application: "Ray", component: "RayOperator" };

describe("an action that the cloud accepted", () => {
  test.each<[string, Partial<VolcengineSettings>]>([
    ["nothing can be seen", { newerVersion: false }],
    ["start times are not shown", { startTimeShown: false }],
  ])("is not sent again where its end has a word that is not known and %s", async (_name, settings) => {
    const { sim, up, actions } = await withResource(settings);
    await up(one);
    const before = actions().length;
    sim.settings.volcengine.operationWords.SUCCESS = "DONE";
    await up(two);
    await up(two);
    expect(actions().slice(before)).toEqual(["restart"]);
  });

  test("is not sent again where the component takes its time after the operation's success", async () => {
    const { sim, up, actions } = await withResource({ settleLag: 6_000_000 });
    await up(one);
    expect(await up(two)).toMatch(/ended SUCCESS, .* but the component is STARTING/);
    sim.clock.advance(600_000);
    await up(two);
    expect(actions()).toEqual(["restart"]);
  });

  test("is settled where the cloud has forgotten its operation, and answers with nothing", async () => {
    const settings = { unknownOperation: "empty", operationRetention: 3_600_000 } as const;
    const { sim, up, killAt } = await withResource(settings);
    await up(one);
    killAt("GetOperation", "received");
    await up(two);
    sim.clock.advance(7_200_000);
    expect(await up(two)).toBeUndefined();
  });

  test("is a restart although the edition calls a start so, and is proven like one", async () => {
    const { sim, up, instance } = await withResource();
    const actionNames = { start: "restart" };
    await up({ ...one, actionNames });
    sim.faults.add({ kind: "dropRequest", action: "RunApplicationAction" });
    expect([await up({ ...two, actionNames }), instance().starts]).not.toEqual([undefined, 0]);
  });
});

test("a restart is not sent again where the clock of the machine before was ahead", async () => {
  const { up, now, actions } = await withResource();
  await up(one);
  await up({ ...one, state: "stopped" });
  await up(one);
  const before = actions().length;
  if (now.state) now.state.lastActionAt += 120_000;
  expect(await up(two)).toBeUndefined();
  expect(actions().slice(before)).toEqual(["restart"]);
});

describe("a restart whose answer is lost is not sent again", () => {
  test("where its operation is not on the first page of the list", async () => {
    const { sim, up, killAt, actions } = await withResource({ startTimeShown: false });
    await up(one);
    killAt("RunApplicationAction", "acted");
    await up(two);
    for (let count = 0; count < 12; count++) {
      sim.clock.advance(60_000);
      sim.vke.actInConsole(clusterId, "restart", { application: "Ray", component: "RayHistoryServer" });
    }
    sim.clock.advance(60_000);
    await up(two);
    expect(actions()).toEqual(["restart"]);
  });

  test("where the cloud has forgotten its operation", async () => {
    const settings = { startTimeShown: false, operationRetention: 3_600_000 };
    const { sim, up, killAt, actions } = await withResource(settings);
    await up(one);
    killAt("RunApplicationAction", "acted");
    await up(two);
    sim.clock.advance(7_200_000);
    await up(two);
    expect(actions()).toEqual(["restart"]);
  });

  test("where the cloud's clock is two minutes behind", async () => {
    const { sim, up, during, actions } = await withResource({ startTimeShown: false });
    await up(one);
    during("RunApplicationAction", "acted", () => {
      const last = sim.vke.actions(clusterId).at(-1);
      if (last) last.createTime -= 120_000;
    });
    sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    await up(two);
    expect(actions()).toEqual(["restart"]);
  });

  test("where somebody else's operation fails at that time", async () => {
    const { sim, up, during, instance } = await withResource();
    sim.settings.volcengine.durations.accept = 600_000;
    await up(one);
    const foreign = sim.vke.actInConsole(clusterId, "restart", operator);
    sim.clock.advance(5_000);
    sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    during("GetOperation", "received", () => sim.vke.cancel(foreign.operationId));
    await up(two);
    await up(two);
    expect(instance().starts).toBe(1);
  });

  test("where another resource of the same component comes in between", async () => {
    const settings = { startTimeShown: false, deniedActions: ["ListOperations"] };
    const { sim, up, actions, process, inputsOf } = await withResource(settings);
    await up(one);
    sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    expect(await up(two)).toMatch(/not sent again on a guess/);
    await emrApplicationState.create(process(), inputsOf({}));
    await up(two);
    expect(actions()).toEqual(["restart"]);
  });
});

describe("an action that never arrived does not count as done", () => {
  test("where somebody restarts another instance of the component", async () => {
    const { sim, up, during, instance } = await withResource();
    const batch = { components: ["RayCluster"], releaseName: "batch" };
    await up({ ...batch, ...one });
    sim.faults.add({ kind: "dropRequest", action: "RunApplicationAction" });
    during("ListOperations", "received", () =>
      during("ListComponentInstances", "acted", () =>
        sim.vke.actInConsole(clusterId, "restart", { ...operator, component: "RayCluster", name: "serving" }),
      ),
    );
    expect([await up({ ...batch, ...two }), instance("RayCluster", "batch").starts]).not.toEqual([
      undefined,
      0,
    ]);
  });

  test("where somebody starts what runs, and start times are not shown", async () => {
    const { sim, up, during, instance } = await withResource({ startTimeShown: false });
    await up(one);
    sim.faults.add({ kind: "dropRequest", action: "RunApplicationAction" });
    during("RunApplicationAction", "received", () => sim.vke.actInConsole(clusterId, "start", operator));
    expect([await up(two), instance().starts]).not.toEqual([undefined, 0]);
  });

  test("where an operation of a moment ago was a restart, and this is a stop", async () => {
    const { sim, up, instance } = await withResource(noInstances);
    for (const inputs of [one, two, one]) await up(inputs);
    sim.faults.add({ kind: "dropRequest", action: "RunApplicationAction" });
    expect([await up({ ...one, state: "stopped" }), instance().state]).not.toEqual([undefined, "STARTED"]);
  });

  test.each<[string, Partial<VolcengineSettings>, Fault[]]>([
    ["it was lost", {}, [{ kind: "dropRequest", action: "RunApplicationAction" }]],
    ["its operation was skipped", { overlap: "skip" }, []],
  ])(
    "with its configuration, where %s and somebody restarts the component",
    async (_name, settings, faults) => {
      const { sim, up, now, during } = await withResource(settings);
      await up({ applicationConfigs: item("a") });
      for (const fault of faults) sim.faults.add(fault);
      during("RunApplicationAction", "received", () => sim.vke.actInConsole(clusterId, "restart", operator));
      const error = await up({ applicationConfigs: item("b") });
      const isThere = sim.vke.configs(clusterId, "Ray")[0]?.effective === "b";
      expect(error !== undefined || isThere || now.state?.configsApplied === false).toBe(true);
    },
  );
});

describe("where nothing can be seen and starting what runs restarts it", () => {
  const settings = { newerVersion: false, alreadyThere: "restart" } as const;

  test("a start whose answer is lost is not sent again", async () => {
    const { sim, up, instance } = await withResource(settings);
    sim.vke.setState(clusterId, "Ray", "RayOperator", "ray-operator", "STOPPED");
    sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    await up();
    expect(instance().starts).toBe(1);
  });

  test("an update whose reply is lost does not start again", async () => {
    const { up, instance } = await withResource(settings);
    await up({ state: "stopped" });
    await up({}, { lost: true });
    await up();
    expect(instance().starts).toBe(1);
  });
});

// What survived.

const worlds: Record<string, Partial<VolcengineSettings>> = {
  "as documented": {},
  "no start times": { startTimeShown: false },
  "no operation ids": { operationIdInAnswer: false },
  "no GetOperation": { deniedActions: ["GetOperation"] },
  lags: { operationVisibleAfter: 200_000, settleLag: 200_000 },
  "other forms": { timeUnit: "s", operationShape: "items", operationFields: "Operate" },
  "only the older version": { newerVersion: false },
  "no instances": noInstances,
  "no operations": { deniedActions: ["ListOperations"] },
  "neither operations nor start times": { deniedActions: ["ListOperations"], startTimeShown: false },
};
const steps = [
  { applicationConfigs: item("a") },
  { applicationConfigs: item("b"), ...one },
  { applicationConfigs: item("b"), ...one, state: "stopped" },
  { applicationConfigs: item("b"), ...two },
];

/** The resource as the steps before this one left it, a while later. */
async function beforeStep(settings: Partial<VolcengineSettings>, index: number) {
  const subject = await withResource(settings);
  for (const inputs of steps.slice(0, index)) {
    await subject.up(inputs);
    subject.sim.clock.advance(600_000);
  }
  const inputs = steps[index] ?? {};
  const before = subject.actions().length;
  return { ...subject, deploy: () => subject.up(inputs), own: () => subject.actions().slice(before) };
}

/** One action and no error, or an honest doubt; where nothing can be seen, a start or a stop may come twice. */
function judge(own: string[], error: string | undefined, where: string) {
  if (error !== undefined) expect(error, where).toMatch(/not sent again on a guess/);
  else expect(own.length, where).toBeGreaterThan(0);
  const isHarmless = own.length === 2 && own[0] === own[1] && own[0] !== "restart";
  expect(own.length < 2 || isHarmless, `${where}: ${own}`).toBe(true);
}

test.each(Object.entries(worlds))("killed at each call: %s", async (_name, settings) => {
  for (const index of steps.keys()) {
    for (let call = 0, where = "begin"; where; call++) {
      const { sim, now, deploy, own } = await beforeStep(settings, index);
      let boundary = 0;
      where = "";
      const stop = sim.onCall(({ action, phase }) => {
        const isRead = /^(Get|List)/.test(action) && phase === "acted";
        if (where || isRead || boundary++ !== call) return undefined;
        where = `step ${index}, call ${call}, ${action} ${phase}`;
        now.dead = true;
        return "drop";
      });
      await deploy();
      stop();
      const error = where ? await deploy() : undefined;
      if (where) judge(own(), error, where);
    }
  }
});

const strokes: Fault[] = [
  { kind: "http", status: 504, acted: true },
  { kind: "http", status: 502 },
  { kind: "dropAnswer" },
  { kind: "dropRequest" },
  { kind: "error", code: "InternalServiceTimeout", acted: true },
  { kind: "throttle" },
  { kind: "error", code: "InvalidTimestamp" },
  { kind: "busy", milliseconds: 20_000 },
];

test.each(Object.entries(worlds))("each fault of the action: %s", async (_name, settings) => {
  for (const index of steps.keys()) {
    for (const fault of strokes) {
      const { sim, deploy, own } = await beforeStep(settings, index);
      sim.faults.add({ ...fault, action: "RunApplicationAction" });
      await deploy();
      const error = await deploy();
      judge(own(), error, `step ${index}, ${JSON.stringify(fault)}`);
    }
  }
});

test.each(Object.entries(worlds))("the reply of an update is lost: %s", async (_name, settings) => {
  const { up, actions } = await withResource(settings);
  await up(one);
  const before = actions().length;
  await up(two, { lost: true });
  expect(await up(two)).toBeUndefined();
  expect(actions().slice(before)).toEqual(["restart"]);
});

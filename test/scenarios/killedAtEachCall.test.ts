// The provider is killed at every call of every operation of every resource: before the cloud acts; where the call changes
// something, after it has acted and before the answer; and once the provider has answered, before the engine has saved
// that. The next run must end with what was declared: each change made once, nothing orphaned, nothing foreign touched,
// and the state what the cloud has.
import { expect, test } from "vitest";
import type { JournalEntry } from "../../simulator/index";
import type { ProviderStarted } from "../engine/providerProcess";
import type { ListedResource } from "../engine/resourceList";
import { everyType } from "../everyType";
import {
  applicationState,
  declare,
  engineImage,
  makeStand,
  nodeGroup,
  pool,
  recordedNodes,
  type Stand,
  serviceState,
  stateOf,
  stepsOf,
} from "./stand";
import { dataEngineId, instanceId, newVersion, oldVersion, vkeClusterId } from "./subjects";

type Inputs = Record<string, unknown>;

interface Operation {
  name: string;
  /** What is declared. Default: what was; a destroy where it is `null`. Triggers are to be new in each round. */
  inputs?: null | ((round: number) => Inputs);
  /** The run before was to deploy `inputs`, and was killed once the cloud had done this: a refresh and an `up` follow. */
  refreshesAfter?: string;
  /** What the cloud does, whoever is killed, in order. */
  does: string[];
  /** What there is afterwards. */
  leaves: unknown;
}

interface Prepared {
  declared(inputs: Inputs): ListedResource;
  /** What there is of it in the cloud. */
  present(): unknown;
  /** What must not change. */
  foreign(): unknown;
  /**
   * What a create has made and handed over may be in another stack's state by now. A pool is told of it, and takes it over
   * when it is declared so.
   */
  takenOver?(): Inputs;
  /** Fails where the state is not what the cloud has. */
  expectRecorded?(): Promise<void>;
}

interface Subject {
  prepare(stand: Stand): Prepared;
  operations: Operation[];
}

const runStates = (call: string): Operation[] => [
  { name: "create", inputs: () => ({ state: "stopped" }), does: ["stop"], leaves: "stopped" },
  { name: "start", inputs: () => ({ state: "running" }), does: ["start"], leaves: "running" },
  {
    name: "restart",
    inputs: (round) => ({ state: "running", restartTriggers: { config: `${round}` } }),
    does: ["restart"],
    leaves: "running",
  },
  {
    name: "refresh",
    inputs: (round) => ({ state: "running", restartTriggers: { config: `${round}, again` } }),
    refreshesAfter: call,
    does: ["restart"],
    leaves: "running",
  },
  {
    name: "stop",
    inputs: (round) => ({ state: "stopped", restartTriggers: { config: `${round}, again` } }),
    does: ["stop"],
    leaves: "stopped",
  },
  { name: "destroy", inputs: null, does: ["start"], leaves: "running" },
];

const switched = ["SuspendResumeDataEngine", "SwitchDataEngineImage", "SuspendResumeDataEngine"];

const subjects: Record<string, Subject> = {
  "tencent:EmrNodePool": {
    prepare(stand) {
      const foreign = [
        stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" }).emrResourceId,
        stand.sim.emr.addAutoscaledNode(stand.clusterId, {}).emrResourceId,
      ];
      const own = () => stand.nodeIds().filter((id) => !foreign.includes(id));
      return {
        declared: ({ count, ...more }) => pool(stand, count as number, more, "subject"),
        present: () => own().length,
        // Another stack's state may hold them by now.
        takenOver: () => ({ adopt: own() }),
        foreign: () => stand.nodeIds().filter((id) => foreign.includes(id)),
        expectRecorded: async () =>
          expect((await recordedNodes(stand, "subject")).sort()).toEqual(own().sort()),
      };
    },
    operations: [
      { name: "create", inputs: () => ({ count: 2 }), does: ["ScaleOutInstance"], leaves: 2 },
      { name: "grow", inputs: () => ({ count: 4 }), does: ["ScaleOutInstance"], leaves: 4 },
      {
        name: "refresh",
        inputs: () => ({ count: 5 }),
        refreshesAfter: "ScaleOutInstance",
        does: ["ScaleOutInstance"],
        leaves: 5,
      },
      { name: "shrink", inputs: () => ({ count: 1 }), does: ["TerminateClusterNodes"], leaves: 1 },
      { name: "destroy", inputs: null, does: ["TerminateClusterNodes"], leaves: 0 },
    ],
  },
  "tencent:EmrServiceState": {
    prepare(stand) {
      const all = () => stand.sim.emr.processes(stand.clusterId);
      return {
        declared: (inputs) => serviceState(stand, { onDelete: "running", ...inputs }, "subject"),
        present: () =>
          runState(
            all()
              .filter(isYarn)
              .map(({ started }) => started),
          ),
        foreign: () => structuredClone(all().filter((process) => !isYarn(process))),
      };
    },
    operations: runStates("StartStopServiceOrMonitor"),
  },
  "tencent:DlcEngineImage": {
    prepare({ sim }) {
      const versionOf = (id: string | null) =>
        [oldVersion, newVersion].find((name) => sim.dlc.image(name).imageVersionId === id);
      const engine = sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports", state: 1 });
      const other = sim.dlc.createEngine({
        dataEngineId: "DataEngine-other",
        dataEngineName: "other",
        state: 1,
      });
      return {
        declared: (inputs) =>
          engineImage(
            { dataEngineId, allowSuspended: true, onDelete: "restorePrevious", ...inputs },
            "subject",
          ),
        present: () =>
          [versionOf(engine.imageVersionId), engine.state === 1 ? "suspended" : "resumed"].join(", "),
        foreign: () => structuredClone(other),
      };
    },
    operations: [
      {
        name: "create",
        inputs: () => ({ imageVersion: newVersion }),
        does: switched,
        leaves: `${newVersion}, suspended`,
      },
      {
        name: "back",
        inputs: () => ({ imageVersion: oldVersion }),
        does: switched,
        leaves: `${oldVersion}, suspended`,
      },
      {
        name: "refresh",
        inputs: () => ({ imageVersion: newVersion }),
        refreshesAfter: "SwitchDataEngineImage",
        does: switched,
        leaves: `${newVersion}, suspended`,
      },
      { name: "destroy", inputs: null, does: switched, leaves: `${oldVersion}, suspended` },
    ],
  },
  "huawei:DdmNodeGroup": {
    prepare({ sim }) {
      sim.ddm.createInstance({ instanceId });
      const [group] = sim.ddm.groups(instanceId);
      const other = sim.ddm.addGroup(instanceId, { name: "reports" });
      const nodes = (groupId = "") => sim.ddm.nodes(instanceId, groupId).map(({ nodeId }) => nodeId);
      return {
        declared: (inputs) =>
          nodeGroup(
            {
              ...{ instanceId, groupId: group?.groupId, flavorId: group?.flavorId },
              ...{ scaleIn: { allowed: true }, onDelete: "shrinkToInitial", ...inputs },
            },
            "subject",
          ),
        present: () => nodes(group?.groupId).length,
        foreign: () => nodes(other.groupId),
      };
    },
    operations: [
      { name: "create", inputs: () => ({ nodeCount: 3 }), does: ["EnlargeInstance"], leaves: 3 },
      { name: "grow", inputs: () => ({ nodeCount: 4 }), does: ["EnlargeInstance"], leaves: 4 },
      {
        name: "refresh",
        inputs: () => ({ nodeCount: 6 }),
        refreshesAfter: "EnlargeInstance",
        does: ["EnlargeInstance"],
        leaves: 6,
      },
      { name: "shrink", inputs: () => ({ nodeCount: 3 }), does: ["BatchDeleteNodes"], leaves: 3 },
      { name: "destroy", inputs: null, does: ["BatchDeleteNodes"], leaves: 2 },
    ],
  },
  "volcengine:EmrApplicationState": {
    prepare({ sim }) {
      const applications = { Ray: { RayOperator: ["operator"], RayCluster: ["batch", "serving"] } };
      sim.vke.createCluster({ clusterId: vkeClusterId, applications });
      const instances = (component: string) => sim.vke.instances(vkeClusterId, "Ray", component);
      return {
        declared: (inputs) =>
          applicationState(
            {
              ...{ clusterId: vkeClusterId, application: "Ray", components: ["RayOperator"] },
              ...{ onDelete: "running", ...inputs },
            },
            "subject",
          ),
        present: () => runState(instances("RayOperator").map(({ state }) => state === "STARTED")),
        foreign: () => structuredClone(instances("RayCluster")),
      };
    },
    operations: runStates("RunApplicationAction"),
  },
};

const isYarn = ({ service }: { service: string }) => service === "YARN";

function runState(isRunning: boolean[]): string {
  if (isRunning.every(Boolean)) return "running";
  return isRunning.some(Boolean) ? "partial" : "stopped";
}

const isRead = (action: string) => /^(Describe|Inquiry|Check|Get|List|Show|CreateToken)/.test(action);

/** What the cloud did, in the words of `does`. */
function deedIn({ action, request, acted }: JournalEntry): string[] {
  if (!acted || isRead(action) || action === "ModifyResourcesTags") return [];
  const { OpType, ActionName } = request as Record<string, string>;
  return [OpType?.replace("Service", "").toLowerCase() ?? ActionName?.toLowerCase() ?? action];
}

/** Methods of the provider whose answer the engine saves. */
const isSaved = (method: string) => /^(create|read|update|delete)$/.test(method);

test.each(everyType(subjects))("%s", { timeout: 400_000 }, async (_type, { prepare, operations }) => {
  let provider: ProviderStarted | undefined;
  /** Kills where it says so. */
  let passes = (_where: string): boolean => true;
  const kill = (where: string) => {
    if (passes(where)) return undefined;
    provider?.kill("SIGKILL");
    return "drop" as const;
  };
  const stand = await makeStand({
    // A change takes two seconds here: long enough to be seen under way, few enough polls to kill at each.
    simulator: { timeScale: 0.008 },
    onProviderStart: (started) => {
      provider = started;
    },
    onAnswer: (method) => (isSaved(method) ? kill(`${method} answered`) : undefined),
  });
  const { sim, stack } = stand;
  const subject = prepare(stand);
  sim.onCall(({ action, phase }) =>
    phase === "acted" && isRead(action) ? undefined : kill(`${action} ${phase}`),
  );
  const killedAt = new Map<string, string[]>(operations.map(({ name }) => [name, []]));
  const done = new Set<string>();

  /** The run is killed at the first boundary for which `isDue`; says at which. */
  async function runKilled(isDue: (where: string) => boolean, run: () => ReturnType<Stand["stack"]["up"]>) {
    let killed = "";
    passes = (where) => {
      if (killed === "" && isDue(where)) killed = where;
      return killed !== where;
    };
    const result = await run();
    passes = () => true;
    return { killed, result };
  }

  // Round by round, each operation is killed one call later, until it ends without having been killed.
  for (let round = 0; done.size < operations.length; round++) {
    for (const { name, inputs, refreshesAfter, does, leaves } of operations) {
      const earlier = killedAt.get(name) ?? [];
      const before = sim.journal.length;
      const foreign = subject.foreign();
      declare(stand, ...(inputs ? [subject.declared(inputs(round))] : []));
      const up = () => (inputs ? stack.up() : stack.destroy());
      if (refreshesAfter !== undefined)
        expect((await runKilled((where) => where === `${refreshesAfter} acted`, up)).result.ok).toBe(false);
      let left = earlier.length;
      const operation = refreshesAfter === undefined ? up : () => stack.refresh();
      const { killed, result } = await runKilled(() => left-- === 0, operation);
      const context = `${name}, call ${earlier.length}, ${killed}`;
      if (killed === "") done.add(name);
      else {
        earlier.push(killed);
        expect(result.ok, context).toBe(false);
      }
      if (killed === "create answered" && subject.takenOver) {
        expect((await up()).error, context).toMatch(/name them in adopt/);
        declare(stand, subject.declared({ ...inputs?.(round), ...subject.takenOver() }));
      }
      const next = killed === "" ? result : await operation();
      expect(next.error, context).toBeUndefined();
      if (refreshesAfter !== undefined) expect((await up()).error, context).toBeUndefined();
      expect(sim.journal.slice(before).flatMap(deedIn), context).toEqual(does);
      expect(subject.present(), context).toEqual(leaves);
      expect(subject.foreign(), context).toEqual(foreign);
      if (inputs) await subject.expectRecorded?.();
      else expect(await stateOf(stand, "subject"), context).toBeUndefined();
      expect(stepsOf(await stack.refresh()), context).toEqual([]);
    }
  }
  for (const { name, inputs, does, refreshesAfter } of operations) {
    const places = new Set(killedAt.get(name));
    const answer =
      refreshesAfter !== undefined ? "read" : name === "create" ? name : inputs ? "update" : "delete";
    expect(places).toContain(`${answer} answered`);
    const changes = sim.journal.filter((entry) => does.some((deed) => deedIn(entry).includes(deed)));
    for (const { action } of refreshesAfter === undefined ? changes : [])
      for (const phase of ["received", "acted"]) expect(places).toContain(`${action} ${phase}`);
  }
});

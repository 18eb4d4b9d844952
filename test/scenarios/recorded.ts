// State that a released version wrote, with the cloud that it was written about: test/fixtures/state/<version>.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join, relative } from "node:path";
import type { JournalEntry, Simulator } from "../../simulator/index";
import type { DeploymentV3 } from "../drivers/driver";
import type { ListedResource } from "../engine/resourceList";
import { root } from "../package";
import { call } from "../simulator/call";
import { callHuawei } from "../simulator/huaweiCall";
import { callVolcengine } from "../simulator/volcengineCall";
import {
  applicationState,
  credentials,
  declare,
  door,
  engineImage,
  filesBelow,
  makeKillableStand,
  nodeGroup,
  pool,
  type Stand,
  serviceState,
} from "./stand";
import { dataEngineId, instanceId, vkeClusterId } from "./subjects";

/** Each resource, as a program declares it. */
export const resources = {
  EmrNodePool: ({ count, ...more }) => pool({ clusterId }, count as number, more, "subject"),
  EmrServiceState: (inputs) => serviceState({ clusterId }, inputs, "subject"),
  DlcEngineImage: (inputs) => engineImage({ dataEngineId, ...inputs }, "subject"),
  DdmNodeGroup: (inputs) => nodeGroup({ instanceId, ...inputs }, "subject"),
  EmrApplicationState: (inputs) => applicationState({ clusterId: vkeClusterId, ...inputs }, "subject"),
} satisfies Record<string, (inputs: Record<string, unknown>) => ListedResource>;

export type ResourceName = keyof typeof resources;

/** `killed`: the state is of before a run that was killed. `open`: it was refreshed then, and tells what is open. */
type Form = "plain" | "rich" | "killed" | "open";

type Call = Pick<
  JournalEntry,
  "time" | "cloud" | "service" | "action" | "version" | "region" | "target" | "request"
>;

interface Recorded {
  /** What the state was deployed from, or, where a run was killed, what that run was to deploy. */
  inputs: Record<string, unknown>;
  /** What changed the cloud. */
  calls: Call[];
  /** The cloud's time when the state was taken. */
  endedAt: number;
  /** What the cloud's things are called, by kind, in the order in which they were made. */
  ids: string[][];
  deployment: DeploymentV3;
  /** This machine's memory: files by name. */
  journal: Record<string, string>;
}

const clusterId = "emr-recorded";
const fixtures = join(root, "test", "fixtures", "state");
const pathOf = (version: string, resource: ResourceName, form: Form) =>
  join(fixtures, version, door === "dynamic" ? "dynamic" : "plugin", `${resource}.${form}.json`);

/** Versions of which there is state. */
export const versions = readdirSync(fixtures);

/** Stands for the cloud's address, which differs from run to run. */
const cloud = "http://cloud.invalid";

/** A stack beside the cloud that all recordings begin with, which no later version may change. */
export async function recordedStand() {
  const startTime = new Date("2026-01-01T00:00:00Z");
  const killable = await makeKillableStand({ clusterId, simulator: { startTime, timeScale: 0.1 } });
  const { sim } = killable.stand;
  for (let number = 0; number < 3; number++) sim.emr.addForeignNode(clusterId);
  sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports", imageVersion: "SuperSQL-S 1.0", state: 1 });
  sim.ddm.createInstance({ instanceId });
  sim.vke.createCluster({
    clusterId: vkeClusterId,
    applications: { Ray: { RayOperator: ["ray-operator"], RayCluster: ["batch", "serving"] } },
  });
  return killable;
}

export const idsIn = ({ emr, ddm, vke }: Simulator): string[][] => {
  const { allNodes, flows } = emr.cluster(clusterId);
  const { allGroups, jobs } = ddm.instance(instanceId);
  return [
    allNodes.map(({ emrResourceId }) => emrResourceId),
    allNodes.map(({ orderNo }) => orderNo),
    flows.map(({ traceId }) => traceId),
    allGroups.map(({ groupId }) => groupId),
    allGroups.flatMap(({ allNodes: nodes }) => nodes.map(({ nodeId }) => nodeId)),
    jobs.map(({ jobId }) => jobId),
    vke.operations().map(({ operationId }) => operationId),
  ];
};

/** Writes down the state and the cloud that it is about. Secrets of calls are `fake-secret-1` and so on, in order. */
export async function record(
  stand: Stand,
  resource: ResourceName,
  form: Form,
  inputs: Record<string, unknown>,
): Promise<void> {
  const { sim, stack, journalDirectory } = stand;
  const calls = sim.journal
    .filter(({ acted, action }) => acted && action !== "CreateToken")
    .map(({ sequence: _, requestId: __, outcome: ___, answered: ____, acted: _____, ...each }): Call => each);
  let secrets = 0;
  const recorded: Recorded = {
    inputs,
    calls: JSON.parse(
      JSON.stringify(calls).replace(/\[secret\]/g, () => `fake-secret-${++secrets}`),
    ) as Call[],
    endedAt: sim.clock.now(),
    ids: idsIn(sim),
    deployment: await stack.exportState({ showSecrets: true }),
    journal: Object.fromEntries(
      filesBelow(journalDirectory).map((path) => {
        const text = readFileSync(path, "utf8").replaceAll(`"${hostname()}/`, '"another-machine/');
        return [relative(journalDirectory, path), text];
      }),
    ),
  };
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const path = pathOf(version, resource, form);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(recorded, null, 2).replaceAll(sim.url, cloud)}\n`);
}

/** A stack with a recorded state, beside the cloud that it is about. */
export async function replay(version: string, resource: ResourceName, form: Form) {
  const { stand } = await recordedStand();
  const { sim, stack, journalDirectory } = stand;
  const recorded = JSON.parse(readFileSync(pathOf(version, resource, form), "utf8")) as Recorded;
  /** What names things of the cloud then, with their names of now. */
  const known = <T>(value: T): T => {
    const present = idsIn(sim);
    const names = recorded.ids.flatMap((kind, index) =>
      kind.map((id, position) => [id, present[index]?.[position] || id] as const),
    );
    const text = [...names, [cloud, sim.url] as const]
      .filter(([from]) => from !== "")
      .reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(value));
    return JSON.parse(text) as T;
  };
  for (const each of recorded.calls) {
    sim.clock.advance(each.time - sim.clock.now());
    await repeat(sim, known(each));
  }
  sim.clock.advance(recorded.endedAt - sim.clock.now());
  const { inputs, deployment, journal } = known(recorded);
  await stack.importState(deployment);
  for (const [name, text] of Object.entries(journal)) {
    const path = join(journalDirectory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  declare(stand, resources[resource](inputs));
  const before = sim.journal.length;
  /** What has changed the cloud since. */
  const changes = () => sim.journal.slice(before).flatMap(({ acted, action }) => (acted ? [action] : []));
  return { stand, changes };
}

async function repeat(sim: Simulator, entry: Call): Promise<void> {
  const { service, action, version, region, target = "", request } = entry;
  const { secretId, secretKey, token } = credentials;
  const [method = "", path = ""] = target.split(" ");
  const clouds = {
    tencent: () => call(sim, action, request, { service, version, region, secretId, secretKey, token }),
    huawei: () =>
      callHuawei(sim, method, path, request, { ak: secretId, sk: secretKey, securityToken: token }),
    volcengine: () =>
      callVolcengine(sim, action, request, { version, accessKey: secretId, secretKey, token }),
  };
  const { outcome } = await clouds[entry.cloud]();
  if (outcome !== "ok") throw new Error(`${action} was answered with ${outcome}`);
}

// A stand-in cloud and a stack against it, for scenarios. The cloud's clock is stepped: the provider's process lends
// it through PULUMI_BIGDATA_TEST_CLOCK, so that its waits take no time.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Clock } from "../../provider/base/clock";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/index";
import type { StackDriver, UpdateResult } from "../drivers/driver";
import { createTestEngineDriver, type TestEngineDriver } from "../drivers/testEngine";
import type { ProviderCommand, ProviderStarted } from "../engine/providerProcess";
import type { ListedResource } from "../engine/resourceList";
import { root, work } from "../package";
import { scratch } from "../scratch";
import { shellText } from "../sdk/shellText";
import { announceFirst } from "./announcement";
import { type AnswerHook, startDirectly } from "./direct";

/** How scenarios reach the resources: in this process, or through one of the front doors in a process of its own. */
export const door = (process.env["PULUMI_BIGDATA_DOOR"] ?? "direct") as "direct" | "dynamic" | "plugin";

/** What the dynamic door adds to a resource's state. */
export const doorState = door === "dynamic" ? { __provider: expect.any(String) } : {};

export const credentials = {
  secretId: "AKIDscenario",
  secretKey: "scenarioSecretKey0001",
  token: "scenarioToken0001",
};

export interface Stand {
  sim: Simulator;
  /** That one, and those that a test starts beside it. */
  clouds: [Simulator, ...Simulator[]];
  stack: TestEngineDriver;
  clusterId: string;
  /** Where the provider keeps its purchase journal. */
  journalDirectory: string;
  /** Where the project is. */
  directory: string;
  /** Makes the clock of a provider that starts; through the direct door only. */
  newClock?: () => Clock;
  /** Ids of living nodes of a role. */
  nodeIds(role?: string): string[];
  /** How many nodes were ever bought. */
  bought(): number;
  /** Names of the calls that change something, in order. */
  changes(): string[];
}

export interface StandOptions {
  simulator?: SimulatorOptions;
  sim?: Simulator;
  clusterId?: string;
  project?: string;
  stackName?: string;
  journalDirectory?: string;
  onProviderStart?: (started: ProviderStarted) => void;
  /** Through the direct door only. */
  onAnswer?: AnswerHook;
}

export async function makeStand(options: StandOptions = {}): Promise<Stand> {
  const sim =
    options.sim ??
    (await startSimulator({ credentials: [credentials], timeScale: 0.1, ...options.simulator }));
  if (!options.sim) onTestFinished(() => sim.close());
  const clusterId = options.clusterId ?? "emr-scenario1";
  if (!sim.emr.clusters().some((cluster) => cluster.clusterId === clusterId))
    sim.emr.createCluster({ clusterId });
  mkdirSync(work, { recursive: true });
  const directory = mkdtempSync(join(work, "stand-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(
    join(directory, "Pulumi.yaml"),
    `name: ${options.project ?? "pools"}\nruntime: nodejs\nplugins:\n  providers:\n    - { name: bigdata, path: ${root} }\n`,
  );
  const memory = mkdtempSync(join(scratch, "journal-"));
  onTestFinished(() => rmSync(memory, { recursive: true, force: true }));
  const journalDirectory = options.journalDirectory ?? join(memory, "journal");
  const driver = createTestEngineDriver({
    programDirectory: directory,
    stack: options.stackName ?? "test",
    resources: [],
    env: {
      PULUMI_BIGDATA_TEST_CLOCK: `${sim.url}/_sim/clock`,
      PULUMI_BIGDATA_STATE_DIR: journalDirectory,
    },
    ...(options.onProviderStart ? { onProviderStart: options.onProviderStart } : {}),
    ...(door === "direct"
      ? {
          startProvider: (command: ProviderCommand) =>
            startDirectly(command, sim, journalDirectory, options.onAnswer, stand.newClock?.()),
        }
      : {}),
  });
  const clouds: Stand["clouds"] = [sim];
  const isAnnounced = Boolean(process.env["PULUMI_BIGDATA_ANNOUNCED"]);
  const stack = isAnnounced ? announceFirst(driver, clouds, journalDirectory) : driver;
  onTestFinished(() => stack.dispose());
  await configure(stack, sim.url);
  const stand: Stand = {
    sim,
    clouds,
    stack,
    clusterId,
    journalDirectory,
    directory,
    nodeIds: (role = "task") =>
      sim.emr
        .nodes(clusterId)
        .filter((node) => node.role === role)
        .map((node) => node.emrResourceId),
    bought: () => sim.emr.purchases(clusterId).reduce((sum, purchase) => sum + purchase.nodeIds.length, 0),
    changes: () =>
      sim.journal
        .filter(({ action }) => !/^(Describe|Inquiry|Check|Get|List|Show|CreateToken)/.test(action))
        .map(({ action }) => action),
  };
  return stand;
}

/** A stand whose provider can be killed (SIGKILL) in the middle of a call. */
export async function makeKillableStand(
  options: StandOptions = {},
): Promise<{ stand: Stand; killAt(call: string, phase: "received" | "acted"): void }> {
  let provider: ProviderStarted | undefined;
  const stand = await makeStand({
    ...options,
    onProviderStart: (started) => {
      provider = started;
    },
  });
  /** The next call like this is the last of its run: before the cloud acts, or before it answers. */
  const killAt = (call: string, at: "received" | "acted") => {
    const stop = stand.sim.onCall(({ action, phase }) => {
      if (action !== call || phase !== at) return undefined;
      stop();
      provider?.kill("SIGKILL");
      return "drop";
    });
  };
  return { stand, killAt };
}

export const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** What the provider remembers on disk of what it has begun. */
export const journalsOf = ({ journalDirectory }: Pick<Stand, "journalDirectory">): string[] =>
  readdirSync(journalDirectory)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(journalDirectory, name));

/** The configuration that points a stack at the stand-in clouds. */
export function cloudConfig(endpoint: string): { key: string; value: string; secret: boolean }[] {
  const { secretId, secretKey, token } = credentials;
  const values = {
    tencentSecretId: secretId,
    tencentSecretKey: secretKey,
    tencentToken: token,
    tencentRegion: "ap-guangzhou",
    tencentEndpoint: endpoint,
    huaweiAccessKey: secretId,
    huaweiSecretKey: secretKey,
    huaweiSecurityToken: token,
    huaweiRegion: "eu-west-101",
    huaweiProjectId: "0123456789abcdef0123456789abcdef",
    huaweiEndpoint: endpoint,
    huaweiIamEndpoint: endpoint,
    huaweiBssEndpoint: endpoint,
    volcengineAccessKey: secretId,
    volcengineSecretKey: secretKey,
    volcengineSessionToken: token,
    volcengineRegion: "cn-beijing",
    volcengineEndpoint: endpoint,
  };
  return Object.entries(values).map(([key, value]) => ({
    key: `bigdata:${key}`,
    value,
    secret: value === secretKey || value === token,
  }));
}

/** The same as a provider takes it: by the keys' own names. */
export const providerConfig = (endpoint: string): Record<string, string> =>
  Object.fromEntries(cloudConfig(endpoint).map(({ key, value }) => [key.replace("bigdata:", ""), value]));

/** Points a stack at the stand-in clouds, and sets what else it is given. */
export async function configure(
  stack: StackDriver,
  endpoint: string,
  more: Record<string, string> = {},
): Promise<void> {
  const own = Object.entries(more).map(([key, value]) => ({ key, value, secret: false }));
  await stack.setAllConfig([...cloudConfig(endpoint), ...own]);
}

/** A pool as the SDK's class registers it. */
export function pool(
  stand: Pick<Stand, "clusterId">,
  count: number,
  more: Record<string, unknown> = {},
  name = "workers",
): ListedResource {
  const inputs = { clusterId: stand.clusterId, role: "task", count, poolId: `pools/test/${name}`, ...more };
  return { ...listed("tencent:EmrNodePool", name, inputs), options: { deleteBeforeReplace: true } };
}

/** An engine's image as the SDK's class registers it. */
export const engineImage = (inputs: Record<string, unknown>, name = "image") =>
  listed("tencent:DlcEngineImage", name, inputs);

/** A service's run-state as the SDK's class registers it. */
export const serviceState = (
  stand: Pick<Stand, "clusterId">,
  inputs: Record<string, unknown>,
  name = "service",
) => listed("tencent:EmrServiceState", name, { clusterId: stand.clusterId, service: "YARN", ...inputs });

/** A DDM node group as the SDK's class registers it. */
export const nodeGroup = (inputs: Record<string, unknown>, name = "group") =>
  listed("huawei:DdmNodeGroup", name, inputs);

/** An application's run-state as the SDK's class registers it. */
export const applicationState = (inputs: Record<string, unknown>, name = "application") => ({
  ...listed("volcengine:EmrApplicationState", name, inputs),
  options: { additionalSecretOutputs: ["applicationConfigs", "observedConfigs", "pendingAction"] },
});

function listed(type: string, name: string, inputs: Record<string, unknown>): ListedResource {
  const given = Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => value !== undefined),
  ) as Record<string, never>;
  if (door !== "dynamic") return { type: `bigdata:${type}`, name, inputs: given };
  const full = `pulumi-nodejs:dynamic/bigdata/${type}`;
  // As the SDK has it, except that a list is the same in a preview and in an `up`.
  const __claimant = { name: `${type} ${name}`, urn: `urn:pulumi:test::pools::${full}::${name}` };
  return { type: full, name, inputs: { ...given, __provider: shellText(type), __claimant } };
}

/** Declares these resources and nothing else, for the next operations. */
export function declare(stand: Stand, ...resources: ListedResource[]): void {
  stand.stack.declare(resources);
}

/** Gives a resource in state another name, as an alias and `pulumi state rename` do. */
export async function rename({ stack }: Stand, from: string, to: string): Promise<void> {
  const state = JSON.stringify(await stack.exportState());
  await stack.importState(JSON.parse(state.replaceAll(`::${from}"`, `::${to}"`)));
}

/** The outputs of a pool in state. */
export async function stateOf(stand: Stand, name = "workers"): Promise<Record<string, unknown> | undefined> {
  const { deployment } = await stand.stack.exportState();
  const resource = deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
  return resource?.outputs as Record<string, unknown> | undefined;
}

export async function recordedNodes(stand: Stand, name = "workers"): Promise<string[]> {
  const nodes = ((await stateOf(stand, name))?.["nodes"] ?? []) as { resourceId: string }[];
  return nodes.map(({ resourceId }) => resourceId);
}

/** What an update did, for assertions: `create workers` and the like, without what stayed the same. */
export function stepsOf(result: UpdateResult): string[] {
  return result.steps
    .filter(
      ({ op, type }) =>
        op !== "same" && type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"),
    )
    .map(({ op, name }) => `${op} ${name}`);
}

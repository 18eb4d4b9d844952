// What scenarios about single resources start from: a cloud with one engine, service or instance, and a stack.
import type { Simulator, SimulatorOptions } from "../../simulator/index";
import {
  applicationState,
  declare,
  engineImage,
  makeKillableStand,
  makeStand,
  nodeGroup,
  type Stand,
  type StandOptions,
  serviceState,
} from "./stand";

export const dataEngineId = "DataEngine-scenario1";
export const oldVersion = "SuperSQL-S 1.0";
export const newVersion = "SuperSQL-S 3.5";

/** A stack beside a cluster, an engine, an instance and an application. */
export async function withAll(simulator: SimulatorOptions): Promise<Stand> {
  const stand = await makeStand({ simulator });
  stand.sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports" });
  stand.sim.ddm.createInstance({ instanceId });
  stand.sim.vke.createCluster({
    clusterId: vkeClusterId,
    applications: { Ray: { RayOperator: ["operator"], RayCluster: ["batch", "serving"] } },
  });
  return stand;
}

export async function withEngine(fixture: Parameters<Simulator["dlc"]["createEngine"]>[0] = {}) {
  const { stand, killAt } = await makeKillableStand();
  const engine = stand.sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports", ...fixture });
  const versionOf = (name: string) => stand.sim.dlc.image(name).imageVersionId;
  const deploy = async (inputs: Record<string, unknown> = {}) => {
    declare(stand, engineImage({ dataEngineId, imageVersion: newVersion, ...inputs }));
    return stand.stack.up();
  };
  return { stand, killAt, engine, versionOf, deploy };
}

export const switches = (stand: Stand) =>
  stand.changes().filter((action) => action === "SwitchDataEngineImage").length;

export async function withService() {
  const { stand, killAt } = await makeKillableStand();
  const deploy = async (inputs: Record<string, unknown>) => {
    declare(stand, serviceState(stand, inputs));
    return stand.stack.up();
  };
  const processes = (selector: { component?: string; ip?: string } = {}) =>
    stand.sim.emr.processes(stand.clusterId, { service: "YARN", ...selector });
  return { stand, killAt, deploy, processes };
}

/** The operations that the cloud received, in order. */
export const operations = (stand: Stand) =>
  stand.sim.journal.flatMap(({ action, request }) =>
    action === "StartStopServiceOrMonitor" ? [(request as { OpType: string }).OpType] : [],
  );

export const restarted = (processes: { lastRestartAt?: number | undefined }[]) =>
  processes.map(({ lastRestartAt }) => lastRestartAt);

export const instanceId = "1f5c9fd6cd984056ba89c8c87cc03278in09";

export async function withInstance(
  fixture: Parameters<Simulator["ddm"]["createInstance"]>[0] = {},
  options: StandOptions = {},
) {
  const { stand, killAt } = await makeKillableStand(options);
  stand.sim.ddm.createInstance({ instanceId, ...fixture });
  const [group] = stand.sim.ddm.groups(instanceId);
  const flavorId = group?.flavorId ?? "";
  const declareGroup = (nodeCount: number, more: Record<string, unknown> = {}) =>
    declare(stand, nodeGroup({ instanceId, flavorId, nodeCount, ...more }));
  const deploy = (nodeCount: number, more: Record<string, unknown> = {}) => {
    declareGroup(nodeCount, more);
    return stand.stack.up();
  };
  const nodes = () => stand.sim.ddm.nodes(instanceId).map(({ nodeId }) => nodeId);
  return { stand, killAt, group, flavorId, declareGroup, deploy, nodes };
}

export const bought = (stand: Stand) =>
  stand.sim.ddm.purchases(instanceId).reduce((sum, { nodeIds }) => sum + nodeIds.length, 0);

/** How often nodes were asked for. */
export const enlargements = (stand: Stand) =>
  stand.sim.journal.filter(({ action }) => /enlarge/i.test(action)).length;

export const vkeClusterId = "emr-vke-scenario1";

/** A cluster with an application of three components, one of which has two instances. */
export async function withApplication() {
  const { stand, killAt } = await makeKillableStand();
  stand.sim.vke.createCluster({
    clusterId: vkeClusterId,
    applications: {
      Ray: {
        RayCluster: ["batch", "serving"],
        RayOperator: ["ray-operator"],
        RayHistoryServer: ["ray-history-server"],
      },
    },
  });
  const declareApplication = (inputs: Record<string, unknown>) =>
    declare(
      stand,
      applicationState({
        clusterId: vkeClusterId,
        application: "RAY",
        components: ["RayOperator"],
        state: "running",
        ...inputs,
      }),
    );
  const deploy = (inputs: Record<string, unknown>) => {
    declareApplication(inputs);
    return stand.stack.up();
  };
  const instance = (component = "RayOperator", name = "ray-operator") =>
    stand.sim.vke.instance(vkeClusterId, "Ray", component, name);
  /** What the cloud was asked for and accepted, in order. */
  const actions = () => stand.sim.vke.actions(vkeClusterId).map(({ actionName }) => actionName);
  return { stand, killAt, declareApplication, deploy, instance, actions };
}

// What a virtual cluster is made of, and what tests and demos create one from.
import { z } from "zod";

type InstanceState =
  | "STARTED"
  | "STOPPED"
  | "STARTING"
  | "STOPPING"
  | "EXCEPTION"
  | "START_FAILED"
  | "STOP_FAILED"
  | "RESTART_FAILED";

/** Tests may change any field; the next answer shows it. */
export interface VkeInstance {
  application: string;
  component: string;
  namespace: string;
  name: string;
  state: InstanceState | (string & {});
  /** Simulator time in milliseconds, as is the next. */
  createTime: number;
  startTime: number | undefined;
  /** The start before that one. */
  startTimeBefore: number | undefined;
  /** How often it was started or restarted, by anybody. */
  starts: number;
  /** The operation whose end it waits for. */
  heldBy: string | undefined;
}

export interface VkeConfig {
  component: string;
  file: string;
  key: string;
  value: string;
  /** The value in effect; undefined: none yet. */
  effective: string | undefined;
  /** The value without anybody's change; undefined: there is none. */
  preset: string | undefined;
}

export interface VkeApplication {
  name: string;
  version: string;
  createTime: number;
  updateTime: number;
  /** By component; a component may have no instance. */
  components: Map<string, VkeInstance[]>;
  configs: VkeConfig[];
}

type ClusterState =
  | "INIT"
  | "INIT_FAILED"
  | "RUNNING"
  | "CHANGING"
  | "EXCEPTION"
  | "STOPPED"
  | "RECOVERING"
  | "DELETING"
  | "DELETED";

export interface VkeCluster {
  clusterId: string;
  clusterName: string;
  region: string;
  /** State while nobody changes the cluster. */
  state: ClusterState | (string & {});
  stateChangeReason: string;
  releaseVersion: string;
  projectName: string;
  vpcId: string;
  vkeClusterId: string;
  /** Another account's: InvalidRequest. */
  foreign: boolean;
  /** Versions of the API that know the cluster. */
  versions: string[];
  createTime: number;
  readyTime: number | undefined;
  updateTime: number;
  deleteTime: number | undefined;
  applications: Map<string, VkeApplication>;
  /** Somebody's changes under way. */
  holders: string[];
}

export const instanceFixture = z.strictObject({
  name: z.string(),
  namespace: z.string().default("default"),
  state: z.string().default("STARTED"),
});
export type VkeInstanceFixture = string | z.input<typeof instanceFixture>;

export const configFixture = z.strictObject({
  component: z.string().default(""),
  file: z.string(),
  key: z.string(),
  value: z.string(),
});
export type VkeConfigFixture = z.input<typeof configFixture>;

const instances = z.array(
  z.union([z.string().transform((name) => instanceFixture.parse({ name })), instanceFixture]),
);

const clusterFixture = z.strictObject({
  /** Default: generated, `emr-…`. */
  clusterId: z.string().optional(),
  clusterName: z.string().optional(),
  region: z.string().default("cn-beijing"),
  state: z.string().default("RUNNING"),
  releaseVersion: z.string().default("EMR-VKE-3.17.0"),
  projectName: z.string().default("default"),
  foreign: z.boolean().default(false),
  versions: z.array(z.string()).default(["2023-12-30", "2024-06-13"]),
  /** Instances by application and component: `{ Ray: { RayOperator: ["ray-operator"] } }`. */
  applications: z.record(z.string(), z.record(z.string(), instances)).default({}),
  /** By application. */
  configs: z.record(z.string(), z.array(configFixture)).default({}),
});
export type VkeClusterFixture = z.input<typeof clusterFixture>;

export const defaultVkeClusterId = "emr-vke-demo0001";

/** In the world from the beginning. */
export const defaultVkeCluster: VkeClusterFixture = {
  clusterId: defaultVkeClusterId,
  clusterName: "demo",
  applications: {
    Ray: {
      RayCluster: ["raycluster-a", "raycluster-b"],
      RayOperator: ["ray-operator"],
      RayHistoryServer: ["ray-history-server"],
    },
    Spark: { SparkOperator: ["spark-operator"], SparkHistoryServer: ["spark-history-server"] },
  },
  configs: {
    Ray: [
      { component: "RayCluster", file: "ray-cluster-values.yaml", key: "worker.replicas", value: "2" },
      { component: "RayOperator", file: "ray-operator-values.yaml", key: "resources.cpu", value: "1" },
    ],
    Spark: [
      { component: "SparkOperator", file: "spark-operator-values.yaml", key: "replicaCount", value: "1" },
      {
        component: "SparkHistoryServer",
        file: "spark-defaults.conf",
        key: "spark.history.ui.port",
        value: "18080",
      },
    ],
  },
};

export function newCluster(given: VkeClusterFixture, generatedId: () => string, now: number): VkeCluster {
  const { applications, configs, ...fixture } = clusterFixture.parse(given);
  const clusterId = fixture.clusterId ?? generatedId();
  const createTime = now - 86_400_000;
  const cluster: VkeCluster = {
    ...fixture,
    clusterId,
    clusterName: fixture.clusterName ?? clusterId,
    stateChangeReason: "",
    vpcId: "vpc-simulated0001",
    vkeClusterId: "ccsimulated0001",
    createTime,
    readyTime: createTime,
    updateTime: createTime,
    deleteTime: undefined,
    applications: new Map(),
    holders: [],
  };
  for (const name of Object.keys(configs)) {
    if (!Object.hasOwn(applications, name)) throw new Error(`There is no application ${name} to configure.`);
  }
  for (const [name, components] of Object.entries(applications)) {
    const application: VkeApplication = {
      name,
      version: "1.0.0",
      createTime,
      updateTime: createTime,
      components: new Map(),
      configs: (configs[name] ?? []).map((config) => ({
        ...config,
        effective: config.value,
        preset: config.value,
      })),
    };
    cluster.applications.set(name, application);
    for (const [component, list] of Object.entries(components)) {
      application.components.set(
        component,
        list.map((instance) => newInstance(name, component, instance, createTime)),
      );
    }
  }
  return cluster;
}

export function newInstance(
  application: string,
  component: string,
  fixture: z.output<typeof instanceFixture>,
  now: number,
): VkeInstance {
  const startTime = fixture.state === "STOPPED" ? undefined : now;
  const times = { createTime: now, startTime, startTimeBefore: startTime };
  return { ...fixture, application, component, ...times, starts: 0, heldBy: undefined };
}

/** The instance has been started at this time. */
export function markStarted(instance: VkeInstance, now: number): void {
  instance.startTimeBefore = instance.startTime;
  instance.startTime = now;
  instance.starts += 1;
}

import * as pulumi from "@pulumi/pulumi";
import { huawei, tencent, volcengine } from "pulumi-bigdata";
import { TextFile } from "./textFile";

const config = new pulumi.Config();
const clusterId = config.require("emrClusterId");

/** An EMR cluster's workers: nodes, the list of them that other tools read, and YARN running on all of them. */
class Workers extends pulumi.ComponentResource {
  readonly addresses: pulumi.Output<string[]>;
  readonly yarn: tencent.EmrServiceState;

  constructor(
    name: string,
    args: { count: number; hostsFile: string },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("data-platform:index:Workers", name, {}, opts);
    const parent = { parent: this };
    const pool = new tencent.EmrNodePool(
      `${name}-pool`,
      { clusterId, role: "task", count: args.count },
      parent,
    );
    const hosts = new TextFile(`${name}-hosts`, { path: args.hostsFile, lines: pool.privateIps }, parent);
    // When nodes have come or gone, and only then, the list changes, and YARN is restarted two nodes at a time.
    this.yarn = new tencent.EmrServiceState(
      `${name}-yarn`,
      {
        clusterId,
        service: "YARN",
        components: ["NodeManager"],
        state: "running",
        restartTriggers: { hosts: hosts.checksum },
        restart: { rolling: true, batchSize: 2, waitSeconds: 10 },
      },
      parent,
    );
    this.addresses = pool.privateIps;
    this.registerOutputs({ addresses: this.addresses });
  }
}

const workers = new Workers("workers", {
  count: config.getNumber("taskNodes") ?? 2,
  hostsFile: config.get("hostsFile") ?? "workers.hosts",
});

// The engine follows once the cluster is as it shall be.
const image = new tencent.DlcEngineImage(
  "image",
  {
    dataEngineName: config.require("engine"),
    imageVersion: config.get("imageVersion") ?? "SuperSQL-S 1.0",
    onDelete: "restorePrevious",
  },
  { dependsOn: workers.yarn },
);

const database = new huawei.DdmNodeGroup("database", {
  instanceId: config.require("ddmInstanceId"),
  flavorId: config.require("ddmFlavorId"),
  nodeCount: config.getNumber("ddmNodes") ?? 2,
  scaleIn: { allowed: true },
  onDelete: "shrinkToInitial",
});

// Ray gets the database's addresses, and is restarted when they change or the engine has another version.
const ray = new volcengine.EmrApplicationState("ray", {
  clusterId: config.require("vkeClusterId"),
  application: "Ray",
  components: ["RayOperator"],
  state: "running",
  restartTriggers: { engine: image.imageVersionId },
  applicationConfigs: [
    {
      file: "ray-operator-values.yaml",
      key: "metadata.hosts",
      value: database.privateIps.apply((addresses) => addresses.join(",")),
    },
  ],
});

export const workerAddresses = workers.addresses;
export const nodeManagers = workers.yarn.processes.apply((processes) => processes.length);
export const engineVersion = image.imageVersionId;
export const databaseNodes = database.privateIps.apply((addresses) => addresses.length);
export const rayState = ray.runState;

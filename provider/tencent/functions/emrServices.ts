// tencent.getEmrServices, tencent.getEmrProcesses: what is installed on an EMR cluster, and how its processes are.
import { z } from "zod";
import { CloudError, StoppedError } from "../../errors";
import { defineFunction } from "../../function";
import { sentences } from "../../note";
import { askedPlace } from "../../place";
import type { TencentClient } from "../client";
import { tencentClient } from "../config";
import { emrClusterId } from "../emr";
import { listFiltered, outputsOf, viewService } from "../emrServiceStateObserve";
import { missingParts } from "../emrServiceStatePlan";
import { serviceStateInputs, serviceStateOutputs } from "../emrServiceStateSchema";
import { orMissingCluster, requireCluster } from "./emrCommon";

const clusterId = emrClusterId.describe("Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`.");

const service = z.object({
  name: z.string().describe("Name of the service in upper case, such as `YARN`. API: `SoftInfo`."),
  version: z.string().describe("Its version, such as `3.2.2`; empty where it is not told. API: `SoftInfo`."),
  components: z
    .array(
      z.object({
        name: z.string().describe("Name of the process, such as `NodeManager`. API: `NodeName`."),
        nodeIps: z
          .array(z.string())
          .describe(
            "Private IP addresses of the nodes that have it, in the order of their texts. API: `Ip`.",
          ),
      }),
    )
    .describe(
      "Its components, in the order of their names; empty for a service of clients only. API: `ServiceNodeList`.",
    ),
});

export const getEmrServices = defineFunction({
  token: "tencent:getEmrServices",
  description: `The services that are installed on a Tencent Cloud EMR cluster, with their components.

EMR has no call that lists services with components: the services are those in the cluster's description, and each is
asked for its processes.`,
  inputs: z.strictObject({ ...askedPlace, clusterId }),
  outputs: z.object({
    services: z.array(service).describe("The services, in the order of their names."),
    region: z.string().describe("Region of the cluster."),
  }),
  async call(context, { clusterId: id, ...place }) {
    const client = tencentClient(context, place);
    const { configDetail, config } = await requireCluster(client, id);
    const installed = configDetail?.softInfo ?? config?.softInfo;
    if (!installed) {
      throw new StoppedError(
        `EMR does not tell what is installed on ${id} (DescribeInstances, field ConfigDetail): name the service, and use getEmrProcesses.`,
      );
    }
    const services: z.output<typeof service>[] = [];
    for (const { name, version } of installed.map(nameAndVersion)) {
      services.push({ name, version, components: await componentsOf(client, id, name) });
    }
    return { services: services.sort((a, b) => (a.name < b.name ? -1 : 1)), region: client.region };
  },
});

/** From `HDFS-3.2.2`. */
function nameAndVersion(text: string): { name: string; version: string } {
  const parts = /^(.+?)-(\d.*)$/.exec(text);
  return { name: (parts?.[1] ?? text).toUpperCase(), version: parts?.[2] ?? "" };
}

async function componentsOf(client: TencentClient, id: string, name: string) {
  const processes = await listFiltered(client, id, name, {}).catch((error: unknown) => {
    // A service of clients only has no processes, and some editions refuse to list them.
    if (error instanceof CloudError && error.code === "UnsupportedOperation.ServiceNotSupport") return [];
    throw error;
  });
  const names = [...new Set(processes.map(({ nodeName }) => nodeName))].sort();
  return names.map((each) => ({
    name: each,
    nodeIps: [...new Set(processes.filter(({ nodeName }) => nodeName === each).map(({ ip }) => ip))].sort(),
  }));
}

const { processes, runState, maintenanceState, region } = serviceStateOutputs.shape;

export const getEmrProcesses = defineFunction({
  token: "tencent:getEmrProcesses",
  description: `The processes of a service of a Tencent Cloud EMR cluster, and whether they run, as \`tencent.EmrServiceState\` tells them.

A service without processes is an error: it is not installed, is spelled otherwise, or consists of clients only.`,
  inputs: z.strictObject({
    ...askedPlace,
    clusterId,
    service: serviceStateInputs.shape.service.describe(
      "Name of the service in upper case, such as `YARN`. API: `ServiceName`.",
    ),
    components: serviceStateInputs.shape.components,
  }),
  outputs: z.object({ processes, runState, maintenanceState, region }),
  async call(context, { region: asked, profile, ...scope }) {
    const client = tencentClient(context, { region: asked, profile });
    const view = await orMissingCluster(client, scope.clusterId, viewService(client, scope));
    const missing = missingParts(scope, view);
    if (missing.length > 0) throw new StoppedError(sentences(missing));
    return { ...outputsOf(view.processes), region: client.region };
  },
});

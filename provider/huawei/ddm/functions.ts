// huawei.getDdmInstances, huawei.getDdmGroups, huawei.getDdmFlavors: what there is of Huawei Cloud DDM.
import { z } from "zod";
import { CloudError, StoppedError } from "../../base/errors";
import { allOf, defineFunction } from "../../core/function";
import { askedPlace } from "../../core/placeInputs";
import type { HuaweiClient } from "../client";
import { huaweiClient } from "../config";
import { instancePhase, showInstance } from "./api";
import { allFlavors, allInstances } from "./lists";
import { nodesOfGroup, viewInstance } from "./nodeGroup/observe";
import { nodeGroupInputs, nodeOutput } from "./nodeGroup/schema";

const place = {
  ...askedPlace,
  projectId: nodeGroupInputs.shape.projectId.describe(
    "Project that is asked. Default: the configured one. API: `project_id`.",
  ),
};
const instanceId = nodeGroupInputs.shape.instanceId.describe("Id of the DDM instance. API: `instance_id`.");

const instance = z.object({
  id: z.string().describe("Id of the instance. API: `id`."),
  name: z.string().describe("Name of the instance. API: `name`."),
  status: z.string().describe("Status in the cloud's word, such as `RUNNING`. API: `status`."),
  engineVersion: z.string().describe("Version of the kernel, such as `3.0.8`. API: `engine_version`."),
  flavorCode: z
    .string()
    .describe(
      "Code of the machine class, such as `ddm.c6.xlarge.2`, where all groups have one. API: `flavor_ref`.",
    ),
  nodeCount: z
    .int()
    .optional()
    .describe("Number of nodes of all groups; absent where it is not told. API: `node_count`."),
  addresses: z.array(z.string()).describe("IP addresses, in the cloud's order. API: `access_ip`."),
  port: z.string().describe("Port of the addresses. API: `access_port`."),
  availabilityZones: z.array(z.string()).describe("Availability zones, by name. API: `available_zone`."),
  vpcId: z.string().describe("Private network. API: `vpc_id`."),
  subnetId: z.string().describe("Subnet. API: `subnet_id`."),
  securityGroupId: z.string().describe("Security group. API: `security_group_id`."),
  enterpriseProjectId: z.string().describe("Enterprise project. API: `enterprise_project_id`."),
  isPrepaid: z.boolean().describe("Whether it is billed by year or month. API: `order_id` is filled then."),
  created: z.string().describe("When it was made, such as `2021-11-09T03:30:01+0000`. API: `created`."),
  errorMessage: z.string().describe("What is wrong with it, where the cloud says so. API: `error_msg`."),
});

export const getDdmInstances = defineFunction({
  token: "huawei:getDdmInstances",
  description: "The Huawei Cloud DDM instances of a project.",
  inputs: z.strictObject(place),
  outputs: z.object({
    instances: z.array(instance).describe("The instances, in the order of their ids. API: `instances`."),
    region: z.string().describe("Region that was asked."),
    projectId: z.string().describe("Project that was asked."),
  }),
  async call(context, asked) {
    const client = huaweiClient(context, asked);
    const instances = (await allInstances(client))
      .filter(({ status }) => instancePhase(status) !== "gone")
      .map((each) => ({
        id: each.id,
        name: each.name ?? "",
        status: each.status,
        engineVersion: each.engineVersion ?? "",
        flavorCode: each.flavorRef ?? "",
        nodeCount: each.nodeCount,
        addresses: partsOf(each.accessIp),
        port: each.accessPort ?? "",
        availabilityZones: partsOf(each.availableZone).sort(),
        vpcId: each.vpcId ?? "",
        subnetId: each.subnetId ?? "",
        securityGroupId: each.securityGroupId ?? "",
        enterpriseProjectId: each.enterpriseProjectId ?? "",
        isPrepaid: Boolean(each.orderId),
        created: each.created ?? "",
        errorMessage: each.errorMsg ?? "",
      }))
      .sort(byId);
    return { instances, region: client.region, projectId: client.projectId };
  },
});

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

function partsOf(text = ""): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const group = z.object({
  id: z.string().describe("Id of the group; empty where the instance tells no groups. API: `id`."),
  name: z.string().describe("Name of the group, where the API lists groups. API: `name`."),
  role: z.string().describe("`rw` for reading and writing, `r` for reading, where it is told. API: `role`."),
  endpoint: z
    .string()
    .describe("Address and port, or those of every node, where it is told. API: `endpoint`."),
  isLoadBalanced: z.boolean().describe("Whether `endpoint` is a load balancer. API: `is_load_balance`."),
  flavorId: z
    .string()
    .describe(
      "Id of the flavour, as `huawei.DdmNodeGroup` takes it; empty where it is not told. API: `flavor_primary_key_id`.",
    ),
  cpu: z.int().optional().describe("vCPUs of a node; absent where it is not told. API: `cpu_num_per_node`."),
  memory: z
    .number()
    .optional()
    .describe("Memory of a node, GB; absent where it is not told. API: `mem_num_per_node`."),
  architecture: z.string().describe("`X86` or `ARM`, where it is told. API: `architecture`."),
  nodes: z.array(nodeOutput).describe("Nodes of the group, in the order of their ids. API: `nodes`."),
});

export const getDdmGroups = defineFunction({
  token: "huawei:getDdmGroups",
  description: `The node groups of a Huawei Cloud DDM instance, with their nodes.

Old kernels list no groups: then there are those that the nodes name, or one without an id that has all nodes.`,
  inputs: z.strictObject({ ...place, instanceId }),
  outputs: z.object({
    groups: z.array(group).describe("The groups, in the order of their ids. API: `group_list`."),
    instanceStatus: z.string().describe("Status of the instance, such as `RUNNING`. API: `status`."),
    engineVersion: z.string().describe("Version of the kernel, such as `3.0.8`. API: `engine_version`."),
    region: z.string().describe("Region of the instance."),
    projectId: z.string().describe("Project of the instance."),
  }),
  async call(context, { instanceId: id, ...asked }) {
    const client = huaweiClient(context, asked);
    const view = await viewInstance(client, id);
    if (!view) throw new StoppedError(missingInstance(client, id));
    const unnamed = { id: "", name: "", flavorId: undefined, cpu: "", memory: "", architecture: "" };
    const groups = (view.groups.length > 0 ? view.groups : [unnamed]).map((each) => {
      const more = view.listed?.find((listed) => listed.id === each.id);
      return {
        id: each.id,
        name: each.name,
        role: more?.role ?? "",
        endpoint: more?.endpoint ?? "",
        isLoadBalanced: more?.isLoadBalance ?? false,
        flavorId: each.flavorId ?? "",
        cpu: numberOf(each.cpu),
        memory: numberOf(each.memory),
        architecture: each.architecture.toUpperCase(),
        nodes: nodesOfGroup(view, each.id),
      };
    });
    return {
      groups: groups.sort(byId),
      instanceStatus: view.instance.status,
      engineVersion: view.instance.engineVersion ?? "",
      region: client.region,
      projectId: client.projectId,
    };
  },
});

function missingInstance(client: HuaweiClient, id: string): string {
  return `DDM instance ${id} does not exist in project ${client.projectId} of ${client.region}: check instanceId, the project and the region.`;
}

function numberOf(value = ""): number | undefined {
  const number = value === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

const flavor = z.object({
  id: z.string().describe("Id of the flavour, as `huawei.DdmNodeGroup` takes it. API: `id`."),
  code: z
    .string()
    .describe("Its code, such as `ddm.c6.xlarge.2`; empty where it is not told. API: `spec_code`."),
  cpu: z.int().optional().describe("vCPUs; absent where it is not a number. API: `vcpus`."),
  memory: z.number().optional().describe("Memory, GB; absent where it is not a number. API: `ram`."),
  architecture: z.string().describe("`X86` or `ARM`. API: `group_type`."),
  zones: z
    .array(
      z.object({
        name: z.string().describe("Availability zone. API: `code`."),
        status: z
          .string()
          .describe("`normal` where it can be had, else `sellout` or `unsupported`. API: `status`."),
      }),
    )
    .describe("Availability zones, in the order of their names. API: `az_infos`."),
});

export const getDdmFlavors = defineFunction({
  token: "huawei:getDdmFlavors",
  description:
    "The flavours (machine classes) of Huawei Cloud DDM for a version of its kernel, or for an instance's.",
  inputs: z.strictObject({
    ...place,
    instanceId: instanceId
      .optional()
      .describe("Instance whose version is meant; give this or `engineVersion`. API: `instance_id`."),
    engineVersion: z
      .string()
      .min(1)
      .optional()
      .describe("Version of the kernel, such as `3.0.8`; give this or `instanceId`. API: `engine_version`."),
  }),
  rules: [
    {
      property: "instanceId",
      reads: ["instanceId", "engineVersion"],
      problem: ({ instanceId: id, engineVersion }) =>
        (id === undefined) === (engineVersion === undefined)
          ? "or engineVersion is required, and only one of the two"
          : undefined,
    },
  ],
  outputs: z.object({
    flavors: z.array(flavor).describe("The flavours, in the order of their ids. API: `flavors`."),
    engineVersion: z.string().describe("Version of the kernel that they are for. API: `engine_version`."),
    region: z.string().describe("Region that was asked."),
    projectId: z.string().describe("Project that was asked."),
  }),
  async call(context, { instanceId: id, engineVersion: given, ...asked }) {
    const client = huaweiClient(context, asked);
    const engineVersion = given ?? (await versionOf(client, id ?? ""));
    const flavors = (await allFlavors(client, engineVersion)).map((each) => ({
      id: each.id,
      code: each.specCode ?? "",
      cpu: numberOf(each.vcpus),
      memory: numberOf(each.ram),
      architecture: each.architecture.toUpperCase(),
      zones: (each.azInfos ?? [])
        .map(({ code, status }) => ({ name: code, status }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    }));
    return { flavors: flavors.sort(byId), engineVersion, region: client.region, projectId: client.projectId };
  },
});

async function versionOf(client: HuaweiClient, id: string): Promise<string> {
  const found = await client.call(showInstance, { path: { instance: id } }).catch((error: unknown) => {
    if (error instanceof CloudError && error.kind === "gone") return undefined;
    throw error;
  });
  if (!found || instancePhase(found.status) === "gone") throw new StoppedError(missingInstance(client, id));
  if (found.engineVersion) return found.engineVersion;
  throw new StoppedError(`DDM does not tell the version of instance ${id}: give engineVersion instead.`);
}

export const functions = allOf([getDdmInstances, getDdmGroups, getDdmFlavors]);

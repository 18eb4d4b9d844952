// Instances as the describing calls show them.

import type { Call } from "./action";
import { ddmFaults } from "./faults";
import type { DdmGroup, DdmInstance, DdmNode } from "./instance";
import type { DdmWorld } from "./world";

/** The fields that show and list of v1 have in common. */
export function instanceRow(instance: DdmInstance, call: Call<unknown>): Record<string, unknown> {
  const { world, faults, action } = call;
  const nodes = world.listedInstanceNodes(instance);
  const group = world.listedGroups(instance)[0];
  const flavor = group && world.flavor(group.flavorId);
  const lie = faults.take(ddmFaults.lyingInstanceStatus, action);
  return {
    id: instance.instanceId,
    status: lie?.status ?? world.status(instance),
    name: instance.instanceName,
    created: timeText(instance.createdAt),
    updated: timeText(instance.updatedAt),
    available_zone: instance.availableZones.join(","),
    vpc_id: instance.vpcId,
    subnet_id: instance.subnetId,
    security_group_id: instance.securityGroupId,
    node_count: nodes.length,
    access_ip: nodes.map(({ ip }) => ip).join(","),
    access_port: instance.port,
    core_count: String(flavor?.cpu ?? ""),
    ram_capacity: String(flavor?.memory ?? ""),
    ...(instance.errorMsg === undefined ? {} : { error_msg: instance.errorMsg }),
    node_status: nodes.map(nodeWord).join(","),
    enterprise_project_id: instance.enterpriseProjectId,
    project_id: instance.projectId,
    engine_version: instance.engineVersion,
    ...(world.settings.edition === "mainland" ? { order_id: instance.orderId } : {}),
    admin_user_name: instance.adminUserName,
    enable_ssl: instance.enableSsl,
    flavor_ref: flavor?.code ?? "",
  };
}

/** Inside a v1 instance a good node is RUNNING. */
export function nodeWord(node: DdmNode): string {
  return node.status === "normal" ? "RUNNING" : node.status.toUpperCase();
}

export function groupsShown(world: DdmWorld): boolean {
  return world.settings.nodeGroupsShown && world.settings.edition === "mainland";
}

/** The recent v3 row, with groups. */
export function instanceRowV3(instance: DdmInstance, call: Call<unknown>): Record<string, unknown> {
  const { world, faults, action } = call;
  const groups = world.listedGroups(instance);
  const lie = faults.take(ddmFaults.lyingInstanceStatus, action);
  const status = lie?.status ?? world.status(instance);
  return {
    id: instance.instanceId,
    name: instance.instanceName,
    status: status === "RUNNING" ? "normal" : status.toLowerCase(),
    project_id: instance.projectId,
    enterprise_project_id: instance.enterpriseProjectId,
    engine_version: instance.engineVersion,
    pay_model: instance.charging === "prePaid" ? "1" : "0",
    order_id: instance.orderId || null,
    period: instance.charging === "prePaid" ? "1 month" : null,
    only_default_group: groups.length === 1,
    is_frozen: instance.restingStatus === "FROZEN",
    actions: world.status(instance) === "RUNNING" ? [] : [world.status(instance)],
    created_at: timeTextV3(instance.createdAt),
    updated_at: timeTextV3(instance.updatedAt),
    groups: groups.map((group) => groupRowV3(group, instance, world)),
    extend_map: {
      engine_id: instance.engineId,
      vpc_id: instance.vpcId,
      subnet_id: instance.subnetId,
      security_group_id: instance.securityGroupId,
      az_code: instance.availableZones.join(","),
    },
    tags_info: { tags: instance.tags, sys_tags: [] },
  };
}

function groupRowV3(group: DdmGroup, instance: DdmInstance, world: DdmWorld): Record<string, unknown> {
  const nodes = world.listedNodes(group);
  const flavor = world.flavor(group.flavorId);
  return {
    id: group.groupId,
    name: group.name,
    role: group.role,
    endpoint: endpoint(group, instance, world),
    load_balance: group.loadBalance,
    is_default_group: group.isDefault && world.settings.defaultGroupFlag,
    node_count: nodes.length,
    nodes: nodes.map((node) => ({
      id: node.nodeId,
      name: node.name,
      status: node.status,
      az_code: node.availableZone,
      subnet_id: node.subnetId,
      actions: [],
    })),
    extend_map: {
      flavor_primary_key_id: group.flavorId,
      cbc_flavor_code: flavor?.code ?? "",
      cpu_num: String(flavor?.cpu ?? ""),
      mem_num: String(flavor?.memory ?? ""),
      architecture: flavor?.architecture ?? "",
      node_count: String(nodes.length),
      node_id_list: nodes.map(({ nodeId }) => nodeId).join(","),
      node_status: nodes.map(({ status }) => status).join(","),
      subnet_id_list: [...new Set(nodes.map(({ subnetId }) => subnetId))].join(","),
    },
  };
}

/** The balancer, or every node. */
export function endpoint(group: DdmGroup, instance: DdmInstance, world: DdmWorld): string {
  const nodes = world.listedNodes(group);
  const shown = group.loadBalance ? nodes.slice(0, 1) : nodes;
  return shown.map(({ ip }) => `${ip}:${instance.port}`).join(",");
}

/** `2021-11-09T03:30:01+0000` */
export function timeText(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}+0000`;
}

function timeTextV3(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "+00:00");
}

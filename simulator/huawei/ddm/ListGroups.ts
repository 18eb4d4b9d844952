import { defineAction } from "./action";
import type { Architecture } from "./flavor";
import { type PageRequest, page, pageFields } from "./page";
import { endpoint } from "./rows";

const mixed: Record<Architecture, string> = { X86: "x86", ARM: "Arm" };

export const ListGroups = defineAction<PageRequest>({
  service: "ddm",
  route: "GET /v3/{project_id}/instances/{instance_id}/groups",
  fields: pageFields,
  handle: (call) => {
    const { world, path, projectId } = call;
    const instance = world.require(path.instance_id ?? "", projectId);
    const { architectureWords, defaultGroupFlag } = world.settings;
    const all = world.listedGroups(instance);
    const groups = page(all, call).items.map((group) => {
      const flavor = world.flavor(group.flavorId);
      const architecture = flavor?.architecture ?? "X86";
      return {
        id: group.groupId,
        name: group.name,
        role: group.role,
        endpoint: endpoint(group, instance, world),
        ipv6_endpoint: null,
        is_load_balance: group.loadBalance,
        is_default_group: group.isDefault && defaultGroupFlag,
        cpu_num_per_node: flavor?.cpu ?? 0,
        mem_num_per_node: flavor?.memory ?? 0,
        architecture: architectureWords === "mixed" ? mixed[architecture] : architecture,
        node_list: world.listedNodes(group).map((node) => ({
          id: node.nodeId,
          name: node.name,
          az: node.availableZone,
        })),
      };
    });
    return { answer: { total_count: all.length, group_list: groups }, changed: false };
  },
});

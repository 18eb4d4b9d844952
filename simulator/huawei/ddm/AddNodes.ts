import { parameterError } from "../errors";
import { defineAction } from "./action";
import { asynchronous } from "./answer";
import { enlarge } from "./enlarge";
import { checkCount, checkData, checkQuota, checkZones, requireFlavor, requireGroup } from "./rules";

interface Request {
  nodes: { available_zone: string }[];
  group_id?: string;
  subnet_id?: string;
  is_auto_pay?: boolean;
}

/** The v3 successor of enlarge: no flavor, a zone for each node. */
export const AddNodes = defineAction<Request>({
  service: "ddm",
  route: "POST /v3/{project_id}/instances/{instance_id}/nodes",
  takesLock: true,
  fields: {
    nodes: {
      type: "objects",
      required: true,
      fields: { available_zone: { type: "string", required: true } },
    },
    group_id: { type: "string" },
    subnet_id: { type: "string" },
    is_auto_pay: { type: "boolean" },
  },
  handle: (call) => {
    const { world, path, projectId, request } = call;
    const instance = world.require(path.instance_id ?? "", projectId);
    const group = requireGroup(world, instance, request.group_id);
    const zones = request.nodes.map(({ available_zone }) => available_zone);
    if (zones.length > 32) throw parameterError("nodes must have at most 32 elements.");
    checkCount(world, instance, zones.length);
    const subnets = new Set(world.nodes(instance.instanceId, group.groupId).map(({ subnetId }) => subnetId));
    if (subnets.size > 1 && request.subnet_id === undefined) {
      throw parameterError("subnet_id is required: the group's nodes are in more than one subnet.");
    }
    world.requireIdle(instance);
    checkData(world, instance);
    checkZones(world, requireFlavor(world, group.flavorId), zones);
    checkQuota(world, instance, zones.length);
    const subnetId = request.subnet_id ?? [...subnets][0];
    const autoPay = request.is_auto_pay ?? false;
    return asynchronous(enlarge({ instance, group, zones, subnetId, v2: false, autoPay }, call));
  },
});

import { type Call, defineAction } from "./action";
import { enlarge } from "./enlarge";
import type { DdmInstance } from "./instance";
import {
  checkCount,
  checkData,
  checkQuota,
  checkZones,
  chooseZones,
  refusal,
  requireFlavor,
  requireGroup,
} from "./rules";

interface Request {
  flavor_id: string;
  node_number: number;
  group_id?: string;
  is_auto_pay?: boolean;
  available_zones?: string[];
}

export const EnlargeInstance = defineAction<Request>({
  service: "ddm",
  route: "POST /v2/{project_id}/instances/{instance_id}/action/enlarge",
  takesLock: true,
  fields: {
    flavor_id: { type: "string", required: true },
    node_number: { type: "integer", required: true },
    group_id: { type: "string" },
    is_auto_pay: { type: "boolean" },
    available_zones: { type: "strings" },
  },
  handle: (call) => {
    const { world, path, projectId, request } = call;
    const instance = world.require(path.instance_id ?? "", projectId);
    const group = requireGroup(world, instance, request.group_id);
    const wanted = requireFlavor(world, request.flavor_id);
    if (wanted.id !== group.flavorId && world.settings.otherFlavor === "refused") {
      throw refusal(world, "flavor", "flavor_id differs from the flavor of the group.");
    }
    checkCount(world, instance, request.node_number);
    checkZonesGiven(call, instance);
    world.requireIdle(instance);
    checkData(world, instance);
    const flavor = requireFlavor(world, group.flavorId);
    const given = instance.charging === "prePaid" ? request.available_zones : undefined;
    const zones = given ?? chooseZones(world, instance, group, flavor, request.node_number);
    checkZones(world, flavor, zones);
    checkQuota(world, instance, request.node_number);

    const result = enlarge({ instance, group, zones, v2: true, autoPay: request.is_auto_pay ?? false }, call);
    const { instanceId, instanceName } = instance;
    const answer =
      "job" in result
        ? { instanceId, instanceName, jobId: result.job.jobId }
        : { instanceId, orderId: result.order.orderId };
    return { answer, changed: true };
  },
});

/** Yearly instances need a zone for each node; for others, and in the older edition, the field is nothing. */
function checkZonesGiven({ world, request }: Call<Request>, instance: DdmInstance): void {
  if (instance.charging === "postPaid") return;
  const { available_zones: zones, node_number: count } = request;
  if (zones === undefined) {
    if (world.settings.prepaidWithoutZones === "accepted") return;
    throw refusal(world, "zones", "available_zones is required for a yearly/monthly instance.");
  }
  if (zones.length !== count) {
    throw refusal(world, "zones", "The length of available_zones must equal node_number.");
  }
}

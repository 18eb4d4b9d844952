import { type Call, defineAction } from "../action";
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
  fields: {
    flavor_id: { type: "string", required: true },
    node_number: { type: "integer", required: true },
    group_id: { type: "string" },
    is_auto_pay: { type: "boolean" },
    available_zones: { type: "strings" },
  },
  handle: (call) => {
    const { ddm, path, projectId, request } = call;
    const instance = ddm.require(path.instance_id ?? "", projectId);
    const group = requireGroup(ddm, instance, request.group_id);
    const wanted = requireFlavor(ddm, request.flavor_id);
    if (wanted.id !== group.flavorId && ddm.settings.otherFlavor === "refused") {
      throw refusal(ddm, "flavor", "flavor_id differs from the flavor of the group.");
    }
    checkCount(ddm, instance, request.node_number);
    checkZonesGiven(call, instance);
    ddm.requireIdle(instance);
    checkData(ddm, instance);
    const flavor = requireFlavor(ddm, group.flavorId);
    const given = instance.charging === "prePaid" ? request.available_zones : undefined;
    const zones = given ?? chooseZones(ddm, instance, group, flavor, request.node_number);
    checkZones(ddm, flavor, zones);
    checkQuota(ddm, instance, request.node_number);

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
function checkZonesGiven({ ddm, request }: Call<Request>, instance: DdmInstance): void {
  if (instance.charging === "postPaid") return;
  const { available_zones: zones, node_number: count } = request;
  if (zones === undefined) {
    if (ddm.settings.prepaidWithoutZones === "accepted") return;
    throw refusal(ddm, "zones", "available_zones is required for a yearly/monthly instance.");
  }
  if (zones.length !== count) {
    throw refusal(ddm, "zones", "The length of available_zones must equal node_number.");
  }
}

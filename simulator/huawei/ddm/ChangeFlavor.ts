import { defineAction } from "../action";
import { asynchronous } from "./answer";
import { refusal, requireGroup } from "./rules";

interface Request {
  spec_code: string;
  group_id?: string;
  is_auto_pay?: boolean;
}

export const ChangeFlavor = defineAction<Request>({
  service: "ddm",
  route: "PUT /v3/{project_id}/instances/{instance_id}/flavor",
  fields: {
    spec_code: { type: "string", required: true },
    group_id: { type: "string" },
    is_auto_pay: { type: "boolean" },
  },
  handle: ({ action, ddm, faults, path, projectId, request }) => {
    const instance = ddm.require(path.instance_id ?? "", projectId);
    const group = requireGroup(ddm, instance, request.group_id);
    const flavor = ddm.flavors.find(({ code }) => code === request.spec_code);
    if (!flavor) throw refusal(ddm, "flavor", `The class ${request.spec_code} does not exist.`);
    if (flavor.id === group.flavorId) throw refusal(ddm, "flavor", "The group has that class already.");
    ddm.requireIdle(instance);
    const failure = faults.take("jobFails", action);
    const prepaid = instance.charging === "prePaid";
    const begin = () =>
      ddm.startChange(instance, {
        status: prepaid ? "PERIOD_RESOURCE_SPEC_CHG" : "RESIZING",
        jobName: "ResizeFlavor",
        v2: false,
        duration: ddm.settings.durations.resize,
        statusAfterFailure: failure?.status,
        atEnd: () => {
          if (failure) return failure.reason;
          group.flavorId = flavor.id;
          return undefined;
        },
      });
    if (!prepaid) return asynchronous({ job: begin() });
    const order = ddm.newOrder(instance, { purpose: "ResizeFlavor", count: 0 }, begin);
    if (request.is_auto_pay && ddm.settings.balanceSuffices) ddm.payOrder(order.orderId);
    return asynchronous({ order });
  },
});

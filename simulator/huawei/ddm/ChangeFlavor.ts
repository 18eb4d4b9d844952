import { defineAction } from "./action";
import { asynchronous } from "./answer";
import { ddmFaults } from "./faults";
import { refusal, requireGroup } from "./rules";

interface Request {
  spec_code: string;
  group_id?: string;
  is_auto_pay?: boolean;
}

export const ChangeFlavor = defineAction<Request>({
  service: "ddm",
  route: "PUT /v3/{project_id}/instances/{instance_id}/flavor",
  takesLock: true,
  fields: {
    spec_code: { type: "string", required: true },
    group_id: { type: "string" },
    is_auto_pay: { type: "boolean" },
  },
  handle: ({ action, world, faults, path, projectId, request }) => {
    const instance = world.require(path.instance_id ?? "", projectId);
    const group = requireGroup(world, instance, request.group_id);
    const flavor = world.flavors.find(({ code }) => code === request.spec_code);
    if (!flavor) throw refusal(world, "flavor", `The class ${request.spec_code} does not exist.`);
    if (flavor.id === group.flavorId) throw refusal(world, "flavor", "The group has that class already.");
    world.requireIdle(instance);
    const failure = faults.take(ddmFaults.jobFails, action);
    const prepaid = instance.charging === "prePaid";
    const begin = () =>
      world.startChange(instance, {
        status: prepaid ? "PERIOD_RESOURCE_SPEC_CHG" : "RESIZING",
        jobName: "ResizeFlavor",
        v2: false,
        duration: world.settings.durations.resize,
        statusAfterFailure: failure?.status,
        atEnd: () => {
          if (failure) return failure.reason;
          group.flavorId = flavor.id;
          return undefined;
        },
      });
    if (!prepaid) return asynchronous({ job: begin() });
    const order = world.newOrder(instance, { purpose: "ResizeFlavor", count: 0 }, begin);
    if (request.is_auto_pay && world.settings.balanceSuffices) world.payOrder(order.orderId);
    return asynchronous({ order });
  },
});

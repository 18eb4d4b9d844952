import { parameterError } from "../errors";
import { defineAction } from "./action";
import { checkRemains, startReduce } from "./reduce";
import { checkData, refusal, requireGroup } from "./rules";

interface Request {
  node_number: number;
  group_id?: string;
}

export const ReduceInstance = defineAction<Request>({
  service: "ddm",
  route: "POST /v2/{project_id}/instances/{instance_id}/action/reduce",
  fields: { node_number: { type: "integer", required: true }, group_id: { type: "string" } },
  takesLock: true,
  handle: (call) => {
    const { world, path, projectId, request } = call;
    const instance = world.require(path.instance_id ?? "", projectId);
    if (request.node_number < 1) throw parameterError("node_number must be at least 1.");
    if (instance.charging === "prePaid" && world.settings.prepaidReduce === "refused") {
      throw refusal(world, "prepaid", "A yearly/monthly instance cannot be reduced.");
    }
    const group = requireGroup(world, instance, request.group_id);
    checkRemains(world, group, request.node_number);
    world.requireIdle(instance);
    checkData(world, instance);
    const present = world.nodes(instance.instanceId, group.groupId);
    const order = world.settings.reduceTakes === "newest" ? present.reverse() : present;
    const job = startReduce(instance, order.slice(0, request.node_number), true, call);
    const { instanceId, instanceName } = instance;
    return { answer: { instanceId, instanceName, jobId: job.jobId }, changed: true };
  },
});

import { defineAction } from "../action";
import { parameterError } from "../errors";
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
  handle: (call) => {
    const { ddm, path, projectId, request } = call;
    const instance = ddm.require(path.instance_id ?? "", projectId);
    if (request.node_number < 1) throw parameterError("node_number must be at least 1.");
    if (instance.charging === "prePaid" && ddm.settings.prepaidReduce === "refused") {
      throw refusal(ddm, "prepaid", "A yearly/monthly instance cannot be reduced.");
    }
    const group = requireGroup(ddm, instance, request.group_id);
    checkRemains(ddm, group, request.node_number);
    ddm.requireIdle(instance);
    checkData(ddm, instance);
    const present = ddm.nodes(instance.instanceId, group.groupId);
    const order = ddm.settings.reduceTakes === "newest" ? present.reverse() : present;
    const job = startReduce(instance, order.slice(0, request.node_number), true, call);
    const { instanceId, instanceName } = instance;
    return { answer: { instanceId, instanceName, jobId: job.jobId }, changed: true };
  },
});

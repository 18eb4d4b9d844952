import { defineAction } from "../action";
import { asynchronous } from "./answer";
import { refusal } from "./rules";

export const DeleteGroup = defineAction<object>({
  service: "ddm",
  route: "DELETE /v3/{project_id}/instances/{instance_id}/groups/{group_id}",
  fields: {},
  handle: ({ action, ddm, faults, path, projectId }) => {
    const instance = ddm.require(path.instance_id ?? "", projectId);
    const groups = ddm.groups(instance.instanceId);
    const group = groups.find(({ groupId }) => groupId === path.group_id);
    if (!group) {
      const { missingOnDelete } = ddm.settings;
      throw refusal(ddm, "unknownGroup", `The group ${path.group_id} does not exist.`, missingOnDelete);
    }
    if (instance.charging === "prePaid") {
      throw refusal(ddm, "prepaid", "Groups of a yearly/monthly instance cannot be deleted.");
    }
    if (group.role === "rw" && groups.filter(({ role }) => role === "rw").length === 1) {
      throw refusal(ddm, "tooFewNodes", "At least one read-write group must stay.");
    }
    ddm.requireIdle(instance);
    const failure = faults.take("jobFails", action);
    const job = ddm.startChange(instance, {
      status: "DELETE_GROUP",
      jobName: "DeleteGroup",
      v2: false,
      duration: ddm.settings.durations.deleteGroup,
      statusAfterFailure: failure?.status,
      atEnd: () => {
        if (failure) return failure.reason;
        if (group.goneAt === undefined) ddm.removeGroup(instance.instanceId, group.groupId);
        return undefined;
      },
    });
    return asynchronous({ job });
  },
});

import { defineAction } from "./action";
import { asynchronous } from "./answer";
import { ddmFaults } from "./faults";
import { refusal } from "./rules";

export const DeleteGroup = defineAction<object>({
  service: "ddm",
  route: "DELETE /v3/{project_id}/instances/{instance_id}/groups/{group_id}",
  fields: {},
  takesLock: true,
  handle: ({ action, world, faults, path, projectId }) => {
    const instance = world.require(path.instance_id ?? "", projectId);
    const groups = world.groups(instance.instanceId);
    const group = groups.find(({ groupId }) => groupId === path.group_id);
    if (!group) {
      const { missingOnDelete } = world.settings;
      throw refusal(world, "unknownGroup", `The group ${path.group_id} does not exist.`, missingOnDelete);
    }
    if (instance.charging === "prePaid") {
      throw refusal(world, "prepaid", "Groups of a yearly/monthly instance cannot be deleted.");
    }
    if (group.role === "rw" && groups.filter(({ role }) => role === "rw").length === 1) {
      throw refusal(world, "tooFewNodes", "At least one read-write group must stay.");
    }
    world.requireIdle(instance);
    const failure = faults.take(ddmFaults.jobFails, action);
    const job = world.startChange(instance, {
      status: "DELETE_GROUP",
      jobName: "DeleteGroup",
      v2: false,
      duration: world.settings.durations.deleteGroup,
      statusAfterFailure: failure?.status,
      atEnd: () => {
        if (failure) return failure.reason;
        if (group.goneAt === undefined) world.removeGroup(instance.instanceId, group.groupId);
        return undefined;
      },
    });
    return asynchronous({ job });
  },
});

import { defineAction } from "./action";
import { asynchronous } from "./answer";
import { ddmFaults } from "./faults";

export const RestartInstance = defineAction<object>({
  service: "ddm",
  route: "POST /v3/{project_id}/instances/{instance_id}/restart",
  fields: {},
  takesLock: true,
  handle: ({ action, world, faults, path, projectId }) => {
    const instance = world.require(path.instance_id ?? "", projectId);
    world.requireIdle(instance);
    const failure = faults.take(ddmFaults.jobFails, action);
    const job = world.startChange(instance, {
      status: "RESTARTING",
      jobName: "RestartInstance",
      v2: false,
      duration: world.settings.durations.restart,
      statusAfterFailure: failure?.status,
      atEnd: () => failure?.reason,
    });
    return asynchronous({ job });
  },
});

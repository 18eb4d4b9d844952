import { defineAction } from "../action";
import { asynchronous } from "./answer";

export const RestartInstance = defineAction<object>({
  service: "ddm",
  route: "POST /v3/{project_id}/instances/{instance_id}/restart",
  fields: {},
  handle: ({ action, ddm, faults, path, projectId }) => {
    const instance = ddm.require(path.instance_id ?? "", projectId);
    ddm.requireIdle(instance);
    const failure = faults.take("jobFails", action);
    const job = ddm.startChange(instance, {
      status: "RESTARTING",
      jobName: "RestartInstance",
      v2: false,
      duration: ddm.settings.durations.restart,
      statusAfterFailure: failure?.status,
      atEnd: () => failure?.reason,
    });
    return asynchronous({ job });
  },
});

import { ApiError } from "../errors";
import { defineAction } from "./action";
import { jobRow, listedJobs } from "./job";

export const ShowJob = defineAction<object>({
  service: "ddm",
  route: "GET /v3/{project_id}/jobs/{job_id}",
  fields: {},
  handle: ({ world, path, projectId }) => {
    const { missingJobStatus, v2JobsShown } = world.settings;
    const job = listedJobs(world, projectId).find(
      ({ jobId, v2 }) => jobId === path.job_id && (!v2 || v2JobsShown),
    );
    if (!job) throw new ApiError(missingJobStatus, "DBS.300400");
    const instance = { id: job.instanceId, name: job.instanceName };
    return { answer: { job: { ...jobRow(job, world), instance } }, changed: false };
  },
});

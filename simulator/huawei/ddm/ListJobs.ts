import { parameterError } from "../errors";
import { defineAction } from "./action";
import { jobRow, listedJobs } from "./job";
import { type PageRequest, page, pageFields } from "./page";

interface Request extends PageRequest {
  /** Milliseconds since 1970, as is the next. */
  start_time: number;
  end_time: number;
}

const thirtyDays = 30 * 86_400_000;

export const ListJobs = defineAction<Request>({
  service: "ddm",
  route: "GET /v3/{project_id}/jobs",
  fields: {
    start_time: { type: "integer", required: true },
    end_time: { type: "integer", required: true },
    ...pageFields,
  },
  handle: (call) => {
    const { world, projectId, request } = call;
    const { start_time: from, end_time: to } = request;
    if (from > to) throw parameterError("start_time is after end_time.");
    if (from < world.clock.now() - thirtyDays) throw parameterError("start_time is over 30 days ago.");
    const all = listedJobs(world, projectId)
      .filter(({ createdAt }) => createdAt >= from && createdAt <= to)
      .reverse();
    const { offset, limit, items } = page(all, call);
    const jobs = items.map((job) => ({
      ...jobRow(job, world),
      instance_id: job.instanceId,
      instance_name: job.instanceName,
      database_name: "",
      operations: [],
      fail_reason: job.failReason,
    }));
    return { answer: { jobs, offset, limit, total: all.length }, changed: false };
  },
});

// Jobs as show and list present them.
import type { DdmJob } from "./instance";
import { timeText } from "./rows";
import type { DdmWorld } from "./world";

/** Jobs that can be found by now, of a project's instances. */
export function listedJobs(world: DdmWorld, projectId: string): DdmJob[] {
  const seenUntil = world.clock.now() - world.scaled(world.settings.jobLagMilliseconds);
  return world
    .instances()
    .filter((instance) => instance.projectId === projectId)
    .flatMap(({ jobs }) => jobs)
    .filter((job) => job.createdAt <= seenUntil)
    .sort((a, b) => a.createdAt - b.createdAt);
}

export function jobRow(job: DdmJob, world: DdmWorld): Record<string, unknown> {
  return {
    id: job.jobId,
    name: job.name,
    status: job.status,
    created_time: timeText(job.createdAt),
    end_time: job.status === "Running" ? "" : timeText(job.endsAt),
    process: progress(job, world.clock.now()),
  };
}

/** `60%` while running, else empty. */
function progress(job: DdmJob, now: number): string {
  if (job.status !== "Running") return "";
  const share = (now - job.createdAt) / Math.max(1, job.endsAt - job.createdAt);
  return `${Math.min(99, Math.floor(share * 100))}%`;
}

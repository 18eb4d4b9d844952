// What v3 calls that take a while answer.
import type { Outcome } from "./action";
import type { DdmJob, DdmOrder } from "./instance";

export function asynchronous(
  result: { job: DdmJob } | { order: DdmOrder },
  more: Record<string, unknown> = {},
): Outcome {
  const id = "job" in result ? { job_id: result.job.jobId } : { order_id: result.order.orderId };
  return { status: 202, answer: { ...id, ...more }, changed: true };
}

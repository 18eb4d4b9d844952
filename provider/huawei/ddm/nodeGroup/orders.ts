// What is looked at beside a DDM instance to find out what became of an enlargement: its job, and its order.
import { CloudError } from "../../../base/errors";
import type { HuaweiClient } from "../../client";
import { showJob, showOrder } from "../api";
import { allJobs } from "../lists";
import { isFinal } from "./observe";
import type { PendingEnlarge } from "./schema";

export interface Job {
  id: string | undefined;
  status: string | undefined;
  process: string | undefined;
  failReason: string | undefined;
}

/** The instance's enlargements since some time before; undefined where jobs cannot be read. */
export async function jobsSince(
  client: HuaweiClient,
  instance: string,
  sentAt: number,
  now: number,
): Promise<Job[] | undefined> {
  try {
    // Clocks differ; the API goes back 30 days.
    const from = Math.max(Math.min(sentAt, now) - 600_000, now - 29 * 86_400_000);
    return (await allJobs(client, from, now + 60_000))
      .filter(({ name, instanceId }) => name === "EnlargeNode" && instanceId === instance)
      .map(({ id, status, failReason }) => ({ id, status, failReason, process: undefined }));
  } catch (error) {
    // Where jobs cannot be read, the instance and its nodes tell.
    if (error instanceof CloudError && !isFinal(error)) return undefined;
    throw error;
  }
}

/** The job of an enlargement: by its id, or one that was not there before. */
export async function jobOf(
  client: HuaweiClient,
  instance: string,
  { jobId, jobsBefore, sentAt }: Pick<PendingEnlarge, "jobId" | "jobsBefore" | "sentAt">,
  now: number,
): Promise<Job | undefined> {
  const jobs = await jobsSince(client, instance, sentAt, now);
  if (!jobId) return jobs?.find(({ id = "" }) => !jobsBefore.includes(id));
  const listed = jobs?.find(({ id }) => id === jobId);
  try {
    const { job } = await client.call(showJob, { path: { job: jobId } });
    const status = job?.status ?? listed?.status;
    return { id: jobId, status, process: job?.process, failReason: listed?.failReason };
  } catch (error) {
    // A job can be slow to appear, and some stacks show none.
    if (error instanceof CloudError && !isFinal(error)) return listed;
    throw error;
  }
}

export type OrderStatus = "unpaid" | "cancelled" | "open" | "done";
/** The billing service's numbers; all others are on their way. */
const orderStatuses: Readonly<Record<number, OrderStatus>> = { 4: "cancelled", 5: "done", 6: "unpaid" };

/** Undefined where it cannot be looked at. */
export async function orderStatus(
  client: HuaweiClient,
  order: string | undefined,
): Promise<OrderStatus | undefined> {
  if (order === undefined || !client.hasBilling) return undefined;
  try {
    const { orderInfo } = await client.call(showOrder, { path: { order } });
    return orderInfo?.status === undefined ? undefined : (orderStatuses[orderInfo.status] ?? "open");
  } catch (error) {
    if (error instanceof CloudError) return undefined;
    throw error;
  }
}

// What the functions about EMR share.
import { messageOf, StoppedError } from "../../../base/errors";
import type { TencentClient } from "../../client";
import { findClusterRow, isGone } from "../cluster";

export function sortedTags(tags: readonly { tagKey: string; tagValue: string }[]) {
  return [...tags].sort((a, b) => (a.tagKey < b.tagKey ? -1 : 1));
}

function missingCluster(client: TencentClient, clusterId: string): string {
  return `EMR cluster ${clusterId} does not exist in ${client.region}: check clusterId and the region.`;
}

/** The cluster's row, if it is there. */
export async function requireCluster(client: TencentClient, clusterId: string) {
  const row = await findClusterRow(client, clusterId);
  if (!row) throw new StoppedError(missingCluster(client, clusterId));
  return row;
}

/** What work on a cluster gives; says which cluster is missing where the cloud says that it is. */
export async function orMissingCluster<T>(
  client: TencentClient,
  clusterId: string,
  work: Promise<T>,
): Promise<T> {
  return work.catch((error: unknown) => {
    if (!isGone(error)) throw error;
    throw new StoppedError(`${missingCluster(client, clusterId)} The cloud said: ${messageOf(error)}`);
  });
}

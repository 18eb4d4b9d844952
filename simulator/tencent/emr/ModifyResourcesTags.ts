import { ApiError } from "../errors";
import type { Fields } from "../shape";
import { type Call, defineAction, nullIfEmpty } from "./action";
import type { Cluster, EmrNode, Tag } from "./cluster";
import type { EmrWorld } from "./world";

interface Change {
  ResourceId: string;
  Resource: string;
  ResourcePrefix: string;
  ResourceRegion: string;
  ServiceType: string;
  AddTags?: Tag[];
  ModifyTags?: Tag[];
  DeleteTags?: Tag[];
}

interface Request {
  ModifyType: string;
  ModifyResourceTagsInfoList: Change[];
}

const tags: Fields = {
  TagKey: { type: "string", required: true },
  TagValue: { type: "string" },
};

const executingCommand = 7;

export const ModifyResourcesTags = defineAction<Request>(
  {
    ModifyType: { type: "string", required: true },
    ModifyResourceTagsInfoList: {
      type: "objects",
      required: true,
      fields: {
        ResourceId: { type: "string", required: true },
        Resource: { type: "string", required: true },
        ResourcePrefix: { type: "string", required: true },
        ResourceRegion: { type: "string", required: true },
        ServiceType: { type: "string", required: true },
        AddTags: { type: "objects", fields: tags },
        ModifyTags: { type: "objects", fields: tags },
        DeleteTags: { type: "objects", fields: tags },
      },
    },
  },
  (call) => {
    const { request, world } = call;
    const { ModifyType, ModifyResourceTagsInfoList: changes } = request;
    if (ModifyType !== "Cluster" && ModifyType !== "Node") {
      throw new ApiError("UnsupportedOperation", `ModifyType ${ModifyType} is not supported.`);
    }
    if (changes.length === 0) throw new ApiError("UnsupportedOperation", "There is nothing to modify.");
    const targets = changes.map((change) => ({ change, target: findTarget(change, call) }));
    const found = targets.flatMap(({ target }) => (target ? [target.cluster] : []));
    if (found.length === 0) throw new ApiError("ResourceNotFound.InstanceNotFound");
    for (const cluster of new Set(found)) world.requireIdle(cluster);

    const lists = { success: [] as string[], part: [] as string[], fail: [] as string[] };
    const planned = new Map<Cluster, (() => void)[]>();
    for (const { change, target } of targets) {
      const edits = target && isNamedRight(change, target, ModifyType) ? editsOf(change, target) : undefined;
      if (!target || !edits?.valid) {
        lists.fail.push(change.ResourceId);
        continue;
      }
      lists[edits.refused > 0 ? "part" : "success"].push(change.ResourceId);
      planned.set(target.cluster, [...(planned.get(target.cluster) ?? []), edits.apply]);
    }
    const flows = [...planned].map(([cluster, edits]) => ({
      ClusterId: cluster.clusterId,
      FlowId: startTagFlow(cluster, edits, world),
    }));
    return {
      answer: {
        SuccessList: nullIfEmpty(lists.success),
        FailList: nullIfEmpty(lists.fail),
        PartSuccessList: nullIfEmpty(lists.part),
        ClusterToFlowIdList: nullIfEmpty(flows),
      },
      changed: flows.length > 0,
    };
  },
  { takesLock: true },
);

interface Target {
  cluster: Cluster;
  /** Absent if the cluster itself is meant. */
  node?: EmrNode;
}

function findTarget(change: Change, { request, region, world }: Call<Request>): Target | undefined {
  if (request.ModifyType === "Cluster") {
    const cluster = world.find(change.ResourceId, region);
    return cluster && { cluster };
  }
  const idKind = world.settings.tagResourceId;
  for (const cluster of world.clusters()) {
    if (region !== "" && cluster.region !== region) continue;
    const node = world
      .nodes(cluster.clusterId)
      .find(
        ({ emrResourceId, orderNo }) =>
          (idKind !== "cvm" && emrResourceId === change.ResourceId) ||
          (idKind !== "emr-vm" && orderNo !== "" && orderNo === change.ResourceId),
      );
    if (node) return { cluster, node };
  }
  return undefined;
}

function isNamedRight(change: Change, { cluster, node }: Target, modifyType: string): boolean {
  const prefix = modifyType === "Node" ? "emr-vm" : "emr-instance";
  const id = node?.emrResourceId ?? cluster.clusterId;
  return (
    change.ServiceType === "emr" &&
    change.ResourcePrefix === prefix &&
    change.ResourceRegion === cluster.region &&
    // The vendor's own tool leaves the account empty.
    [cluster.uin, ""].some(
      (account) => change.Resource === `qcs::emr:${cluster.region}:uin/${account}:${prefix}/${id}`,
    )
  );
}

interface Edits {
  /** Whether anything can be done at all. */
  valid: boolean;
  /** Single tags that are refused while others go through. */
  refused: number;
  apply: () => void;
}

/** Adding a key that is there, or modifying one that is not, is refused. */
function editsOf(change: Change, { cluster, node }: Target): Edits {
  const bearer = node ?? cluster;
  const has = (key: string) => bearer.tags.some((tag) => tag.TagKey === key);
  const { AddTags = [], ModifyTags = [], DeleteTags = [] } = change;
  const removed = DeleteTags.map((tag) => tag.TagKey);
  const added = AddTags.filter((tag) => !has(tag.TagKey) || removed.includes(tag.TagKey));
  const modified = ModifyTags.filter((tag) => has(tag.TagKey));
  const refused = AddTags.length - added.length + (ModifyTags.length - modified.length);
  const set = [...added, ...modified].map(({ TagKey, TagValue = "" }) => ({ TagKey, TagValue }));
  return {
    valid: set.length + removed.length > 0,
    refused,
    apply: () => {
      const replaced = new Set([...removed, ...set.map((tag) => tag.TagKey)]);
      bearer.tags = [...bearer.tags.filter((tag) => !replaced.has(tag.TagKey)), ...set];
    },
  };
}

function startTagFlow(cluster: Cluster, edits: (() => void)[], world: EmrWorld): number {
  const now = world.clock.now();
  const end = now + world.scaled(world.settings.durations.modifyTags);
  const flow = {
    flowId: world.ids.number(),
    traceId: world.newTraceId(),
    name: "ModifyResourceTags",
    startedAt: now,
    stages: [{ stage: "modifyTags", name: "Modify tags", from: now, to: end, ends: "done" as const }],
    endsAt: end,
    finalStatus: 2 as const,
    description: [{ PKey: "ResourceCount", PValue: String(edits.length) }],
  };
  world.startFlow(cluster, flow, executingCommand, () => {
    for (const edit of edits) edit();
  });
  return flow.flowId;
}

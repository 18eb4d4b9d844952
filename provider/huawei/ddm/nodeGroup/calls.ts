// Brings a DDM node group to the wanted size: what each call sends and what is remembered of it. The one that enlarges takes a
// number to add and has no token, so that it is sent once; what became of it is found out from the instance, its nodes, its
// jobs and its orders.
import { randomUUID } from "node:crypto";
import { cloudTime } from "../../../base/clock";
import type { Context } from "../../../base/context";
import { StoppedError } from "../../../base/errors";
import { inRecordedOrder } from "../../../base/order";
import { apply, type Call, type Work } from "../../../core/apply";
import { note } from "../../../core/note";
import { exclusively, type Limited, type Operation } from "../../../core/operation";
import { nothing, type Plan, removedBy, requestOf } from "../../../core/plan";
import type { HuaweiClient } from "../../client";
import { huaweiClient } from "../../config";
import { deleteNodes, enlarge, instancePhase } from "../api";
import { type EnlargeFacts, judgeEnlargement, judgeRemoval } from "./evidence";
import { GroupMemory, type Recalled } from "./memory";
import { flavorProblem, type GroupView, isFinal, viewGroup } from "./observe";
import { jobOf, jobsSince, orderStatus } from "./orders";
import { countOf, type Members, nodesText, planGroup, planShrink } from "./plan";
import type { GroupNode, NodeGroupInputs, NodeGroupState, PendingEnlarge } from "./schema";

export const usualLimit = "60m";

export async function applyGroup(
  context: Context,
  operation: Operation,
  wanted: NodeGroupInputs,
  known: Recalled | undefined,
): Promise<NodeGroupState> {
  const place = { ...(known ?? wanted), profile: wanted.profile };
  const { instanceId, timeouts } = wanted;
  const key = `huawei/${huaweiClient(context, place).region}/${instanceId}`;
  return exclusively(context, { key, name: instanceId, operation, timeouts, limit: usualLimit }, (limited) =>
    apply(
      limited,
      groupWork(limited, huaweiClient(limited, place), operation, wanted, known),
      known?.lastRequestId,
    ),
  );
}

interface Removal {
  sentAt: number;
  ids: string[];
}

function groupWork(
  context: Limited,
  client: HuaweiClient,
  operation: Operation,
  wanted: NodeGroupInputs,
  known: Recalled | undefined,
): Work<NodeGroupState, GroupView> {
  const { region, projectId } = client;
  const { instanceId } = wanted;
  const memory = new GroupMemory(context, { region, projectId, instanceId }, known);
  const say = (message: string) => context.progress(message);
  let lastJobId = known?.lastJobId ?? "";
  /** How many nodes this run has brought. */
  let brought = 0;

  const planned = (view: GroupView): Plan =>
    operation === "delete"
      ? planShrink(wanted, view, undefined, memory.members)
      : planGroup(wanted, view, undefined, memory.members, operation);
  const hasProblems = (view: GroupView) =>
    planGroup(wanted, view, undefined, memory.members, operation).blocked.some(
      ({ property }) => property === "groupId" || property === "flavorId",
    );

  async function look(): Promise<GroupView> {
    const view = await viewGroup(client, wanted, memory.groupId);
    requireUsable(view, wanted, client, known !== undefined);
    memory.groupId ||= view.groupId;
    return view;
  }

  const enlarging: Call<GroupView, PendingEnlarge, GroupNode[], EnlargeFacts> = {
    repeats: 1,
    intend: async ({ buys = 0 }, view, sentAt) => ({
      id: randomUUID(),
      groupId: memory.groupId,
      sentAt,
      count: buys,
      before: view.nodes.map(({ id }) => id),
      jobsBefore: (await jobsSince(client, instanceId, sentAt, sentAt))?.flatMap(({ id }) => id ?? []) ?? [],
      isOrder: view.isPrepaid,
      acknowledged: false,
    }),
    async send(step) {
      const answer = await client.call(enlarge, requestOf(enlarge, step));
      const { jobId, orderId, requestId } = answer;
      const keep = { acknowledged: true, ...(jobId ? { jobId } : {}), ...(orderId ? { orderId } : {}) };
      return { requestId, progress: madeBy(answer), keep };
    },
    async facts(sent, _view, now) {
      lastJobId = sent.jobId ?? lastJobId;
      return {
        job: await jobOf(client, instanceId, sent, now),
        order: await orderStatus(client, sent.orderId),
        mayBePassed: (known?.isPassed && known.pendingEnlarge?.id === sent.id) ?? false,
      };
    },
    isMoving: ({ status }, { job }) => instancePhase(status) !== "running" || job?.status === "Running",
    judge: (sent, look) => judgeEnlargement(wanted, sent, look),
    waitingFor: ({ count, orderId, jobId }) =>
      `${nodesText(count)} to be added${orderId ? ` (order ${orderId})` : jobId ? ` (job ${jobId})` : ""}`,
    remember: (sent) => memory.save(sent),
    forget(sent, came = [], now) {
      if (came.length > sent.count)
        say("others have added nodes at the same time: none of the new ones is taken for our own");
      memory.close(sent, came, now);
      brought += came.length;
    },
  };

  const removing: Call<GroupView, Removal, string[]> = {
    repeats: 1,
    intend: ({ removes = [] }, _view, sentAt) => ({ sentAt, ids: removes }),
    async send(step) {
      const answer = await client.call(deleteNodes, requestOf(deleteNodes, step));
      lastJobId = answer.jobId || lastJobId;
      return { requestId: answer.requestId, progress: madeBy(answer) };
    },
    // They may have gone already, and be listed still.
    refused: (error, attempt) =>
      isFinal(error) || error.kind === "permission" || attempt > 3 ? undefined : "look",
    isMoving: ({ status }) => instancePhase(status) !== "running",
    judge: (sent, look) => judgeRemoval(instanceId, sent, look),
    waitingFor: ({ ids }) => `${ids.join(", ")} to be gone`,
    forget: ({ ids }, left) => left?.length === 0 && memory.forget(ids),
  };

  return {
    name: `instance ${instanceId}`,
    look,
    busy: ({ status }) =>
      instancePhase(status) === "running" ? undefined : `the instance, which is ${status}`,
    missing(view, now) {
      if (hasProblems(view)) return [];
      const missing = memory.expected(now).filter(({ id }) => !view.nodes.some((node) => node.id === id));
      // A group always has some node.
      return missing.length === 0 && view.nodes.length === 0 ? [{ id: "any" }] : missing;
    },
    async begin(atRest) {
      const view = await look();
      memory.begin();
      if (operation === "delete" && memory.isTakenByAnother()) {
        say("another resource has taken charge of the group since; its nodes stay");
        return stateOf(view, known?.lastRequestId ?? "");
      }
      if (known || hasProblems(view)) return undefined;
      const first = memory.pending ? view : await atRest();
      memory.takeCharge(first, await cloudTime(context.clock));
      return undefined;
    },
    open: () =>
      memory.pending && {
        call: "enlarge",
        sent: memory.pending,
        what: `an earlier enlargement by ${nodesText(memory.pending.count)}`,
      },
    plan(view) {
      const plan = planned(view);
      if (hasProblems(view)) return plan;
      memory.forgetGone(view);
      if (view.nodes.length === 0) return { ...plan, steps: [], blocked: [noNodes(view, instanceId)] };
      const announced = { known, wanted, brought, added: memory.members.added };
      return operation === "update" ? announcedOf(plan, view, announced) : plan;
    },
    async allow({ buys }, view) {
      const problem = buys ? await flavorProblem(client, view, wanted.flavorId) : undefined;
      if (problem) throw new StoppedError(`${problem}.`);
    },
    calls: { enlarge: enlarging, "batch-delete": removing },
    state: stateOf,
    finish() {
      if (operation !== "delete") memory.markTold();
    },
    endedEarly(view, isTouched) {
      if (!isTouched) memory.giveBack();
      else if (view && operation !== "delete") memory.tryMarkTold(say);
      return undefined;
    },
    // What an earlier run brought is recorded, however this one ends.
    mustRecord: () =>
      known?.unsaved !== undefined || (known === undefined && memory.members.added.length > 0),
  };

  function stateOf(view: GroupView, requestId: string): NodeGroupState {
    return {
      ...wanted,
      ...outputsOf(view, known?.nodes),
      groupId: memory.groupId,
      region,
      projectId,
      initialNodeIds: memory.members.initial,
      addedNodeIds: memory.members.added.filter((id) => view.nodes.some((node) => node.id === id)),
      createdAt: memory.createdAt,
      lastJobId,
      lastRequestId: requestId,
      ...(memory.pending ? { pendingEnlarge: memory.pending } : {}),
    };
  }
}

function requireUsable(
  view: GroupView | undefined,
  { instanceId }: NodeGroupInputs,
  { projectId, region }: HuaweiClient,
  isKnown: boolean,
): asserts view is GroupView {
  if (!view) {
    throw new StoppedError(
      `DDM instance ${instanceId} does not exist in project ${projectId} of ${region}: check instanceId, projectId and region.${isKnown ? " If it existed before, run `pulumi refresh`." : ""}`,
    );
  }
  const { status, errorMessage } = view;
  if (instancePhase(status) === "unusable") {
    throw new StoppedError(
      `DDM instance ${instanceId} is ${status}${errorMessage ? ` (${errorMessage})` : ""} and cannot be changed: ${/FR[EO]+Z/.test(status) ? "settle the account's arrears" : "look at it in the DDM console"}.`,
    );
  }
}

const noNodes = ({ groupId }: GroupView, instanceId: string) =>
  note(
    "unusable",
    `DDM lists no nodes of group ${groupId || "default"} of ${instanceId}, though a group always has some. Nothing is bought on that; look at the instance in the DDM console and run again`,
  );

interface Announced {
  known: Recalled | undefined;
  wanted: NodeGroupInputs;
  /** How many nodes this run has brought. */
  brought: number;
  added: readonly string[];
}

/** The plan as far as a preview from the recorded state has announced it: no more is added or removed. */
function announcedOf(plan: Plan, view: GroupView, { known, wanted, brought, added }: Announced): Plan {
  if (!known) return plan;
  const { nodeCount } = wanted;
  const stop = (text: string): Plan => ({ ...plan, blocked: [note("drift", text), ...plan.blocked] });
  const seen = countOf(known, membersOf(known));
  const present = countOf(view, { initial: [], added });
  // What an interrupted run has left open is announced as such.
  const isTold = known.pendingEnlarge === undefined && known.unsaved === undefined;
  const isOther = plan.blocked.some(
    ({ code, property }) => code === "badInput" && property !== "availabilityZones",
  );
  if (isTold && !isOther && seen === nodeCount && present !== seen) {
    return nothing(
      note(
        "drift",
        `others have changed the group since the stack last saw it: it has ${nodesText(present)}, not ${seen}. No node is added or removed, since no preview has announced it; the next one does`,
      ),
    );
  }
  const missing = nodeCount - present;
  const announced = Math.max(0, nodeCount - seen - brought);
  if (isTold && missing > announced) {
    return stop(
      `Others have changed the group since the stack last saw it: it had ${nodesText(seen)} then, has ${present} now, and ${missing} would have to be added where the preview announced ${announced}. Run \`pulumi refresh\`, look at the preview, and run again`,
    );
  }
  const recorded = { groups: [], groupId: known.groupId, nodes: known.nodes, isPrepaid: false };
  const going = isTold
    ? removedBy(planGroup(wanted, recorded, undefined, membersOf(known), "update"))
    : [...known.nodes.map(({ id }) => id), ...added];
  const unseen = removedBy(plan).filter((id) => !going.includes(id));
  if (unseen.length === 0) return plan;
  return stop(
    `Others have changed the group since the stack last saw it, and ${unseen.join(", ")} would have to go unseen. Run \`pulumi refresh\`, look at the preview, and run again`,
  );
}

/** What an accepted change is followed by: `, job 1`. */
function madeBy({ jobId, orderId }: { jobId?: string | undefined; orderId?: string | undefined }): string {
  if (jobId) return `, job ${jobId}`;
  return orderId ? `, order ${orderId}` : "";
}

export function membersOf({ initialNodeIds, addedNodeIds }: NodeGroupState): Members {
  return { initial: initialNodeIds, added: addedNodeIds };
}

/** Nodes stay in the order that is recorded, and new ones come last. */
export function outputsOf(
  view: GroupView,
  recorded?: NodeGroupState["nodes"],
): Pick<NodeGroupState, "groupId" | "nodes" | "privateIps" | "instanceStatus"> {
  const nodes = inRecordedOrder(view.nodes, recorded, ({ id }) => id);
  return {
    groupId: view.groupId,
    nodes,
    privateIps: nodes.map(({ ip }) => ip).filter((ip) => ip !== ""),
    instanceStatus: view.status,
  };
}

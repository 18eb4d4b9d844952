// What happens after a scale-out was accepted: machines, tags, services, stage by stage, and what can go wrong.

import type { Faults } from "../../faults";
import type { Call } from "./action";
import type { Cluster, EmrNode, Purchase } from "./cluster";
import { type Component, componentsOf, componentWithId } from "./components";
import { emrFaults } from "./faults";
import type { Flow, Stage } from "./flow";
import type { Order, ScaleOutRequest } from "./order";
import { newProcess, start } from "./process";
import { type ScaleOutStage, scaleOutStages } from "./settings";
import type { EmrWorld } from "./world";

const stageNames: Record<ScaleOutStage, string> = {
  lookupResources: "Create order",
  applyCvm: "Apply for CVM instances",
  bindTags: "Bind tags",
  createSecurityGroup: "Create security group",
  addCVMAndCDBToWoodpecker: "Add nodes to the cluster",
  woodpeckerScaleoutCluster: "Deploy services",
  queryWoodpeckerFlow: "Initialize services",
  endPoint: "End",
};

/** How this scale-out departs from the ordinary course. */
interface Course {
  /** The last stage that runs, and how it ends. */
  stop?: { stage: ScaleOutStage; ends: "failed" | "blocked"; reason: string };
  /** Machines obtained, if not all. */
  filled?: number;
  tagged: boolean;
  tagFailure?: string;
  /** A node is lost so many milliseconds after it appeared. */
  vanishAfter?: number;
}

const action = "ScaleOutInstance";

export function startScaleOut(orders: Order[], cluster: Cluster, call: Call<ScaleOutRequest>): Flow {
  const { request, world } = call;
  const course = chooseCourse(call.faults);
  const flow = planFlow(orders, course, cluster, world);
  const timeOf = (name: ScaleOutStage) => flow.stages[scaleOutStages.indexOf(name)] as Stage;
  const applying = timeOf("applyCvm");

  const status = orders.some((order) => order.role !== "router") ? 4 : 5;
  world.startFlow(cluster, flow, status, () => {
    cluster.restingStatus = flow.finalStatus === -1 ? 302 : 2;
  });

  const bought = buy(orders, course, cluster, call);
  world.clock.at((applying.from + applying.to) / 2, () => {
    const nodes: EmrNode[] = [];
    for (const { purchase, obtained, order } of bought) {
      const made = Array.from({ length: obtained }, () => appear(order, cluster, flow, request, world));
      purchase.nodeIds.push(...made.map((node) => node.emrResourceId));
      nodes.push(...made);
      const ghosts = world.settings.failedPurchaseLeavesGhosts ? order.count - obtained : 0;
      for (let index = 0; index < ghosts; index++) appear(order, cluster, flow, request, world, true);
    }
    if (course.vanishAfter !== undefined) loseOne(nodes, course.vanishAfter, world);
    if (course.tagged) {
      world.clock.at(timeOf("bindTags").to, () => {
        for (const node of nodes) node.tags.push(...(request.Tags ?? []));
      });
    }
    if (!course.stop && flow.endsAt !== undefined && request.StartServiceAfterScaleOut === "true") {
      world.clock.at(flow.endsAt, () => {
        for (const node of nodes) for (const process of node.processes) start(process, world);
      });
    }
  });
  return flow;
}

interface Bought {
  order: Order;
  purchase: Purchase;
  /** Machines that will appear. */
  obtained: number;
}

/** A flow that fails at its first stage has not ordered anything yet. */
function buy(orders: Order[], course: Course, cluster: Cluster, call: Call<ScaleOutRequest>): Bought[] {
  const { request, world } = call;
  if (!reaches(course, "applyCvm")) return [];
  let left = course.filled ?? (reaches(course, "bindTags") ? Number.POSITIVE_INFINITY : 0);
  return orders.map((order) => {
    const stock = world.settings.stock[order.role];
    if (stock !== null && order.hardware !== "POD") world.settings.stock[order.role] = stock - order.count;
    const obtained = Math.min(order.count, left);
    left -= obtained;
    const purchase: Purchase = {
      time: world.clock.now(),
      role: order.role,
      count: order.count,
      clientToken: request.ClientToken ?? "",
      nodeIds: [],
      requestId: call.requestId,
    };
    cluster.purchases.push(purchase);
    return { order, purchase, obtained };
  });
}

function chooseCourse(faults: Faults): Course {
  const vanish = faults.take(emrFaults.vanishNode, action);
  const partial = faults.take(emrFaults.partialFill, action);
  const fails = faults.take(emrFaults.flowFails, action);
  const blocks = faults.take(emrFaults.flowBlocks, action);
  const tagFails = faults.take(emrFaults.tagStageFails, action);
  const course: Course = { tagged: !tagFails };
  if (vanish) course.vanishAfter = vanish.after;
  if (tagFails) course.tagFailure = tagFails.reason;
  if (partial) {
    course.filled = partial.filled;
    course.tagged = course.tagged && partial.tagged;
    course.stop = {
      stage: "applyCvm",
      ends: "failed",
      reason: `only ${partial.filled} CVM instances could be obtained`,
    };
  } else if (fails) {
    course.stop = { stage: fails.stage, ends: "failed", reason: fails.reason };
  } else if (blocks) {
    course.stop = { stage: blocks.stage, ends: "blocked", reason: blocks.reason };
  }
  if (course.filled === undefined && !reaches(course, "createSecurityGroup")) course.tagged = false;
  return course;
}

/** Whether the stage begins at all. */
function reaches(course: Course, stage: ScaleOutStage): boolean {
  if (!course.stop) return true;
  return scaleOutStages.indexOf(course.stop.stage) >= scaleOutStages.indexOf(stage);
}

function planFlow(orders: Order[], course: Course, cluster: Cluster, world: EmrWorld): Flow {
  const startedAt = world.clock.now();
  let time = startedAt;
  const stages = scaleOutStages.map((stage): Stage => {
    const from = time;
    time += world.scaled(world.settings.durations.scaleOut[stage]);
    const planned: Stage = { stage, name: stageNames[stage], from, to: time, ends: "done" };
    if (stage === course.stop?.stage) return { ...planned, ...course.stop };
    if (stage === "bindTags" && course.tagFailure) {
      return { ...planned, ends: "failed", reason: course.tagFailure };
    }
    return planned;
  });
  const last = stages.find((stage) => stage.stage === course.stop?.stage) ?? stages.at(-1);
  // A partly filled order is closed only after the machines that did come have their tags.
  const closing = course.filled !== undefined && course.tagged ? stages[2] : last;
  return {
    flowId: world.ids.number(),
    traceId: world.newTraceId(),
    name: "ScaleOutCluster",
    startedAt,
    stages,
    endsAt: course.stop?.ends === "blocked" ? undefined : (closing?.to ?? time),
    finalStatus: course.stop ? -1 : course.tagFailure ? 3 : 2,
    description: orders.flatMap((order) => [
      { PKey: "NodeType", PValue: order.role },
      { PKey: "NodeCount", PValue: String(order.count) },
      { PKey: "Processes", PValue: listNames(componentsOf(order.role, cluster)) },
    ]),
  };
}

function appear(
  order: Order,
  cluster: Cluster,
  flow: Flow,
  request: ScaleOutRequest,
  world: EmrWorld,
  ghost = false,
): EmrNode {
  const now = world.clock.now();
  const prepaid = order.prepaid
    ? {
        autoRenew: request.AutoRenew === 1 ? (1 as const) : (0 as const),
        expiresAt: addMonths(now, request.TimeSpan),
      }
    : {};
  const zoneId = request.ZoneId ?? cluster.subnets.find((one) => one.subnetId === request.SubnetId)?.zoneId;
  const node = world.addNode(cluster, {
    role: order.role,
    chargeType: order.prepaid ? 1 : 0,
    ...prepaid,
    ...(zoneId === undefined ? {} : { zoneId }),
    ...(request.SubnetId === undefined ? {} : { subnetId: request.SubnetId }),
    hardwareResourceType: order.hardware,
    nodeMark: world.settings.nodeMarksShown ? markOf(request) : "",
    yarnNodeLabel: request.YarnNodeLabel ?? "",
    flowTraceId: flow.traceId,
    ghost,
  });
  node.processes = ghost
    ? []
    : deployed(order, cluster, request).map((component) => newProcess(component, node.ip, undefined));
  const orderNo = node.orderNo;
  if (ghost || order.hardware === "POD") {
    node.orderNo = "";
  } else if (world.settings.orderNoLagMilliseconds > 0) {
    node.orderNo = "";
    world.clock.at(now + world.scaled(world.settings.orderNoLagMilliseconds), () => {
      node.orderNo = orderNo;
    });
  }
  return node;
}

function deployed(order: Order, cluster: Cluster, request: ScaleOutRequest): Component[] {
  if (request.ServiceNodeInfo?.length) return request.ServiceNodeInfo.map(componentWithId);
  const unwanted = request.UnNecessaryNodeList ?? [];
  return componentsOf(order.role, cluster).filter((component) => !unwanted.includes(component.id));
}

function listNames(components: Component[]): string {
  return components.map((component) => component.listName).join(",");
}

function markOf(request: ScaleOutRequest): string {
  return request.NodeMarks?.NodeNames?.join(",") ?? "";
}

function loseOne(nodes: EmrNode[], after: number, world: EmrWorld): void {
  const node = nodes[0];
  if (!node) return;
  world.clock.at(world.clock.now() + after, () => {
    node.goneAt = world.clock.now();
  });
}

function addMonths(time: number, months: number): number {
  const date = new Date(time);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime();
}

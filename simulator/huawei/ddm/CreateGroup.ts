import { parameterError } from "../errors";
import { type Call, defineAction } from "./action";
import { asynchronous } from "./answer";
import { ddmFaults } from "./faults";
import type { Flavor } from "./flavor";
import type { DdmGroup, DdmInstance, DdmJob } from "./instance";
import { checkCount, checkQuota, checkZones, refusal } from "./rules";

interface Request {
  name: string;
  type: string;
  flavor_id?: string;
  flavor_ref?: string;
  nodes: { available_zone: string; subnet_id: string }[];
}

export const CreateGroup = defineAction<Request>({
  service: "ddm",
  route: "POST /v3/{project_id}/instances/{instance_id}/groups",
  takesLock: true,
  fields: {
    name: { type: "string", required: true },
    type: { type: "string", required: true },
    flavor_id: { type: "string" },
    flavor_ref: { type: "string" },
    nodes: {
      type: "objects",
      required: true,
      fields: {
        available_zone: { type: "string", required: true },
        subnet_id: { type: "string", required: true },
      },
    },
  },
  handle: (call) => {
    const { world, path, projectId, request } = call;
    const instance = world.require(path.instance_id ?? "", projectId);
    if (!/^[A-Za-z][A-Za-z0-9_-]{3,63}$/.test(request.name)) throw parameterError("name is invalid.");
    if (request.type !== "rw" && request.type !== "r") throw parameterError("type must be rw or r.");
    const flavor = requireFlavor(call);
    checkCount(world, instance, request.nodes.length);
    world.requireIdle(instance);
    checkZones(
      world,
      flavor,
      request.nodes.map((node) => node.available_zone),
    );
    checkQuota(world, instance, request.nodes.length);
    const start = newCreation(instance, flavor, call);
    if (instance.charging === "postPaid") {
      const { job, group } = start();
      return asynchronous({ job }, { instance_id: instance.instanceId, group_id: group.groupId });
    }
    const order = world.newOrder(
      instance,
      { purpose: "CreateGroup", count: request.nodes.length },
      (paid) => {
        const { job, group } = start();
        // Orders name machines, whose ids end in `.vm`.
        paid.resourceIds.push(...group.allNodes.map(({ nodeId }) => `${nodeId}.vm`));
        return job;
      },
    );
    return asynchronous({ order });
  },
});

function requireFlavor({ world, request }: Call<Request>): Flavor {
  const { flavor_id: id, flavor_ref: code } = request;
  if ((id === undefined) === (code === undefined)) {
    throw parameterError("Exactly one of flavor_id and flavor_ref is required.");
  }
  const flavor = world.flavors.find((candidate) => candidate.id === id || candidate.code === code);
  if (!flavor) throw refusal(world, "flavor", `The flavor ${id ?? code} does not exist.`);
  return flavor;
}

function newCreation(
  instance: DdmInstance,
  flavor: Flavor,
  { action, world, faults, request }: Call<Request>,
) {
  const failure = faults.take(ddmFaults.jobFails, action);
  return (): { job: DdmJob; group: DdmGroup } => {
    const group = world.addGroup(instance.instanceId, {
      name: request.name,
      role: request.type as "rw" | "r",
      flavorId: flavor.id,
      nodes: 0,
    });
    for (const { available_zone: availableZone, subnet_id: subnetId } of request.nodes) {
      const createdAt = world.clock.now();
      world.newNode(instance, group, { status: "creating", createdAt, availableZone, subnetId });
    }
    const job = world.startChange(instance, {
      status: "CREATE_GROUP",
      jobName: "CreateGroup",
      v2: false,
      duration: world.settings.durations.createGroup,
      statusAfterFailure: failure?.status,
      atEnd: () => {
        for (const node of group.allNodes) node.status = failure ? "createfail" : "normal";
        return failure?.reason;
      },
    });
    return { job, group };
  };
}

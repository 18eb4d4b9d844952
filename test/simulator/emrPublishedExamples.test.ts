// The examples that the vendor publishes for each EMR action that is called: the stand-in accepts each request word for
// word, and its answers hold what the published ones hold.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { call, longEnough, scaleOut } from "./call";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

interface Example {
  /** The body, word for word. */
  request: string;
  response: Record<string, unknown>;
}
const examples = JSON.parse(
  readFileSync(join(__dirname, "..", "fixtures", "publishedExamples", "emr.json"), "utf8"),
) as Record<string, Example>;

/** What must be there for an example to make sense: the ids that it names, as yet without anything else. */
const worlds: Record<string, () => unknown> = {
  DescribeClusterFlowStatusDetail: async () => {
    const { flows } = simulator.emr.createCluster({ clusterId: "emr-123" });
    await call(simulator, "ScaleOutInstance", scaleOut({ InstanceId: "emr-123" }));
    for (const flow of flows) flow.traceId = "1730204629-375383-1016312";
    simulator.clock.advance(40_000);
  },
  DescribeClusterNodes: () => simulator.emr.createCluster({ clusterId: "emr-6deluvd4" }),
  DescribeInstances: () => simulator.emr.createCluster({ clusterId: "emr-p9f700x8" }),
  DescribeServiceNodeInfos: () => simulator.emr.createCluster({ clusterId: "emr-3u" }),
  InquiryPriceScaleOutInstance: () => simulator.emr.createCluster({ clusterId: "emr-3ida6zmi" }),
  ModifyResourcesTags: () => {
    simulator.emr.createCluster({ clusterId: "emr-mir", uin: "51000000" });
    const tags = [{ TagKey: "tke-zzy", TagValue: "" }];
    simulator.emr.addForeignNode("emr-mir", { emrResourceId: "emr-vm-bnm", tags });
  },
  ScaleOutInstance: () =>
    simulator.emr.createCluster({
      clusterId: "emr-4hf4h9np",
      computeResourceIds: ["emr-cr-j91kjr07"],
      zones: [{ zone: "ap-guangzhou-2", zoneId: 100002 }],
      subnets: [{ subnetId: "subnet-lrcxwbju", subnetName: "", zoneId: 100002 }],
    }),
  StartStopServiceOrMonitor: () => {
    simulator.emr.createCluster({ clusterId: "emr-mfk", nodes: {} });
    simulator.emr.addForeignNode("emr-mfk", { role: "master", ip: "0.0.0.0" });
  },
  TerminateClusterNodes: () => {
    simulator.emr.createCluster({ clusterId: "emr-4zvc5mul" });
    simulator.emr.addForeignNode("emr-4zvc5mul", { role: "master", orderNo: "ins-42u6moui" });
  },
  TerminateTasks: () => {
    simulator.emr.createCluster({ clusterId: "emr-4slr7ad7" });
    simulator.emr.addForeignNode("emr-4slr7ad7", { emrResourceId: "emr-vm-xxx33tg" });
  },
};

describe.each(Object.entries(examples))("%s", (action, { request, response }) => {
  test("the published request is accepted, and the answer has the published fields", async () => {
    await worlds[action]?.();
    const reply = await call(simulator, action, request);
    expect(reply.outcome).toBe("ok");
    expect(missing(response, reply.response)).toEqual([]);
  });
});

test("the order of a compute resource's nodes goes to the cluster that has the resource", async () => {
  await worlds["ScaleOutInstance"]?.();
  const { request } = examples["ScaleOutInstance"] as Example;
  expect((await call(simulator, "ScaleOutInstance", request)).response.InstanceId).toBe("emr-4hf4h9np");
  expect(simulator.emr.purchases("emr-4hf4h9np")).toMatchObject([{ role: "task", count: 1 }]);
  simulator.clock.advance(longEnough);
  const unknown = request.replace("emr-cr-j91kjr07", "emr-cr-none");
  expect((await call(simulator, "ScaleOutInstance", unknown)).outcome).toBe(
    "ResourceNotFound.InstanceNotFound",
  );
  expect((await call(simulator, "ScaleOutInstance", scaleOut({ InstanceId: "" }))).outcome).toBe(
    "InvalidParameter.InvalidInstanceName",
  );
});

test("the published removal takes the master out at once", async () => {
  await worlds["TerminateClusterNodes"]?.();
  await call(simulator, "TerminateClusterNodes", (examples["TerminateClusterNodes"] as Example).request);
  simulator.clock.advance(90_000);
  expect(simulator.emr.nodes("emr-4zvc5mul").map(({ orderNo }) => orderNo)).not.toContain("ins-42u6moui");
});

/** Paths of what the published answer has and the other has not, or has in another type. Lists and objects may be null. */
function missing(published: unknown, answered: unknown, path = ""): string[] {
  if (published === null || (answered === null && typeof published === "object")) return [];
  if (Array.isArray(published) && Array.isArray(answered)) {
    const [first] = published;
    return first === undefined ? [] : answered.flatMap((item) => missing(first, item, `${path}[]`));
  }
  const isAlike =
    typeof published === typeof answered && Array.isArray(published) === Array.isArray(answered);
  if (!isAlike || typeof published !== "object") return isAlike ? [] : [path];
  return Object.entries(published).flatMap(([name, value]) =>
    Object.hasOwn(answered as object, name)
      ? missing(value, (answered as Record<string, unknown>)[name], `${path}.${name}`)
      : [`${path}.${name}`],
  );
}

// Each list of DDM against the stand-in cloud: read whole, whatever an offset counts, or not at all.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { HuaweiClient } from "../../../provider/huawei/client";
import { createHuaweiClient } from "../../../provider/huawei/client";
import { allFlavors, allGroups, allInstances, allJobs, allNodes } from "../../../provider/huawei/ddm/lists";
import { defaultProjectId, type Simulator, startSimulator } from "../../../simulator/index";

const key = { secretId: "AKIDlists", secretKey: "listsSecretKey0001" };
const instanceId = "lists0in09";
let sim: Simulator;
let client: HuaweiClient;

beforeAll(async () => {
  sim = await startSimulator({ credentials: [key] });
  const clock = {
    now: async () => sim.clock.now(),
    sleep: async (milliseconds: number) => sim.clock.advance(milliseconds),
  };
  const credentials = { kind: "key", accessKey: key.secretId, secretKey: key.secretKey } as const;
  const place = { region: "eu-west-101", projectId: defaultProjectId, endpoint: sim.url };
  client = createHuaweiClient({ credentials, ...place }, { clock });
});
afterEach(() => sim.reset());
afterAll(() => sim.close());

/** 130 and more of everything: two pages. */
const lists = {
  ListInstances: {
    fill: () => {
      for (let index = 0; index < 150; index++) sim.ddm.createInstance();
    },
    ids: async () => (await allInstances(client)).map(({ id }) => id),
    real: () => sim.ddm.instances().map((instance) => instance.instanceId),
  },
  ListGroups: {
    fill: () => {
      sim.ddm.createInstance({ instanceId });
      for (let index = 0; index < 150; index++) sim.ddm.addGroup(instanceId, { nodes: 0 });
    },
    ids: async () => (await allGroups(client, instanceId)).map(({ id }) => id),
    real: () => sim.ddm.groups(instanceId).map(({ groupId }) => groupId),
  },
  ListNodes: {
    fill: () => sim.ddm.createInstance({ instanceId, groups: [{ nodes: 300 }] }),
    ids: async () => (await allNodes(client, instanceId)).map(({ nodeId }) => nodeId),
    real: () => sim.ddm.nodes(instanceId).map(({ nodeId }) => nodeId),
  },
  ListFlavorsV3: {
    fill: () => {
      const [first] = sim.ddm.flavors;
      if (!first) return;
      for (let index = 0; index < 300; index++) {
        const architecture = index < 140 ? "X86" : "ARM";
        sim.ddm.flavors.push({ ...first, id: `more-${index}`, architecture });
      }
    },
    ids: async () => (await allFlavors(client, "3.0.8")).map(({ id }) => id),
    real: () => sim.ddm.flavors.map(({ id }) => id),
  },
  ListJobs: {
    fill: () => {
      const instance = sim.ddm.createInstance({ instanceId });
      const job = { status: "BACKUP", jobName: "EnlargeNode", v2: true, duration: 1, atEnd: () => undefined };
      for (let index = 0; index < 150; index++) sim.ddm.startChange(instance, job);
    },
    ids: async () => {
      const now = sim.clock.now();
      return (await allJobs(client, now - 3_600_000, now + 60_000)).map(({ id }) => id);
    },
    real: () => sim.ddm.jobs(instanceId).map(({ jobId }) => jobId),
  },
};
const names = Object.keys(lists) as (keyof typeof lists)[];

describe.each(names)("%s", (name) => {
  const { fill, ids, real } = lists[name];

  test.each(["records", "pages"] as const)(
    "is read whole where an offset counts %s",
    async (offsetCounts) => {
      sim.settings.huawei.offsetCounts = offsetCounts;
      fill();
      expect((await ids()).sort()).toEqual(real().sort());
    },
  );

  test.each([0, 1, 129])("that shows only %i stops, and says both numbers", async (shown) => {
    fill();
    sim.settings.huawei.shownAtMost[name] = shown;
    await expect(ids()).rejects.toThrow(
      new RegExp(`DDM counts \\d+ .*, but shows only ${shown}: nothing is`),
    );
  });
});

test("a node whose status changes between two pages counts once", async () => {
  lists.ListNodes.fill();
  const stop = sim.onCall(({ phase }) => {
    if (phase !== "acted") return;
    stop();
    for (const { nodeId } of sim.ddm.nodes(instanceId))
      sim.ddm.changeNode(instanceId, nodeId, { status: "abnormal" });
  });
  expect((await allNodes(client, instanceId)).map(({ nodeId }) => nodeId).sort()).toEqual(
    lists.ListNodes.real().sort(),
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textsOf } from "../../../provider/core/note";
import { totals } from "../../../provider/core/plan";
import type { EmrNode } from "../../../provider/tencent/emr/cluster";
import { specHash } from "../../../provider/tencent/emr/nodePool/birth";
import { orderToken } from "../../../provider/tencent/emr/nodePool/orders";
import { type ObservedPool, planPool } from "../../../provider/tencent/emr/nodePool/plan";
import { emrNodePool } from "../../../provider/tencent/emr/nodePool/resource";
import type { NodePoolInputs, NodePoolState } from "../../../provider/tencent/emr/nodePool/schema";
import { type Member, nodeOutputOf, survey } from "../../../provider/tencent/emr/nodePool/survey";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const inputs: NodePoolInputs = {
  clusterId: "emr-5n3l5c83",
  role: "task",
  count: 2,
  poolId: "p/s/workers",
  payMode: 0,
  deletionPolicy: "terminate",
};

const observed = (members: Member[], more: Partial<ObservedPool> = {}): ObservedPool => ({
  members,
  found: [],
  otherSpec: [],
  notAdoptable: [],
  adoptMissing: [],
  pendingOrder: undefined,
  warnings: [],
  ...more,
});

const member = (n: number, more: Partial<Member> = {}): Member => ({
  resourceId: `emr-vm-${n}`,
  orderNo: `ins-${n}`,
  applyTime: `2026-01-0${(n % 9) + 1} 00:00:00`,
  tags: "right",
  ...more,
});

const node = (n: number, more: Partial<EmrNode> = {}): EmrNode => ({
  emrResourceId: `emr-vm-${n}`,
  orderNo: `ins-${n}`,
  flag: 3,
  autoFlag: 0,
  chargeType: 0,
  applyTime: "2026-01-01 00:00:00",
  ...more,
});

const owner = "0123456789abcdef";

const own = (wanted = inputs, buyer = owner) => [
  { tagKey: "pulumi-bigdata-pool", tagValue: wanted.poolId },
  { tagKey: "pulumi-bigdata-spec", tagValue: specHash(wanted) },
  ...(buyer ? [{ tagKey: "pulumi-bigdata-owner", tagValue: buyer }] : []),
];

describe("plan of a node pool", () => {
  test("does nothing when there are as many as wanted", () => {
    expect(planPool(inputs, observed([member(1), member(2)])).steps).toEqual([]);
  });

  test("buys in batches of at most 20", () => {
    const plan = planPool({ ...inputs, count: 45 }, observed([]));
    expect(
      plan.steps.flatMap((step) =>
        step.kind === "call" && "taskCount" in step.request ? [step.request.taskCount] : [],
      ),
    ).toEqual([20, 20, 5]);
  });

  test.each([
    ["task", "taskCount"],
    ["core", "coreCount"],
    ["router", "routerCount"],
    ["master", "masterCount"],
  ] as const)("a %s pool buys with %s", (role, field) => {
    const plan = planPool({ ...inputs, role, count: 1 }, observed([]));
    expect(plan.steps.find((step) => step.kind === "call")).toMatchObject({ request: { [field]: 1 } });
  });

  test("removes the newest first, or the oldest, or the named", () => {
    const members = [member(1), member(2), member(3)];
    const gone = (scaleIn: NodePoolInputs["scaleIn"]) =>
      planPool({ ...inputs, count: 2, scaleIn }, observed(members)).steps.flatMap((step) =>
        step.kind === "call" ? (step.removes ?? []) : [],
      );
    expect(gone(undefined)).toEqual(["emr-vm-3"]);
    expect(gone({ order: "oldest" })).toEqual(["emr-vm-1"]);
    expect(gone({ nodes: ["ins-2"] })).toEqual(["emr-vm-2"]);
  });

  test("passes the grace on", () => {
    const plan = planPool({ ...inputs, count: 0, scaleIn: { graceSeconds: 120 } }, observed([member(1)]));
    expect(plan.steps[0]).toMatchObject({
      action: "TerminateClusterNodes",
      request: { nodeFlag: "TASK", cvmInstanceIds: ["ins-1"], graceDownFlag: true, graceDownTime: 120 },
    });
  });

  test("removes pods, which have no machine id, with the call that takes them", () => {
    const plan = planPool({ ...inputs, count: 0 }, observed([member(1, { orderNo: "" }), member(2)]));
    expect(totals(plan).calls).toEqual(["TerminateClusterNodes", "TerminateTasks"]);
  });

  test.each([
    ["core without the opt-in", { role: "core" as const }, /allowCoreScaleIn/],
    ["master", { role: "master" as const }, /masters are never removed/],
  ])("refuses to shrink %s", (_name, more, reason) => {
    const plan = planPool({ ...inputs, ...more, count: 1 }, observed([member(1), member(2)]));
    expect(plan.steps).toEqual([]);
    expect(textsOf(plan.blocked).join()).toMatch(reason);
  });

  test("warns about the data on core nodes", () => {
    const wanted = { ...inputs, role: "core" as const, count: 1, scaleIn: { allowCoreScaleIn: true } };
    const { warnings } = planPool(wanted, observed([member(1), member(2)]));
    expect(textsOf(warnings).join()).toMatch(/HDFS/);
  });

  test("passes over protected nodes, and says so where too few are left", () => {
    const members = [member(1), member(2, { protection: "termination protection is on" })];
    expect(totals(planPool({ ...inputs, count: 1 }, observed(members))).removes).toBe(1);
    expect(textsOf(planPool({ ...inputs, count: 0 }, observed(members)).blocked).join()).toMatch(
      /emr-vm-2 \(termination protection is on\)/,
    );
  });

  test("an open order comes before everything else", () => {
    const pendingOrder = {
      token: "t",
      sentAt: 0,
      serverTime: "",
      count: 2,
      specHash: "",
      payMode: 0,
      before: [],
      acknowledged: false,
    };
    const plan = planPool({ ...inputs, count: 9 }, observed([], { pendingOrder }));
    expect(plan.steps.map(({ kind }) => kind)).toEqual(["settle"]);
  });

  test("property: whatever there is and is wanted, the sums are right and calls are never over 20", () => {
    fc.assert(
      fc.property(fc.nat({ max: 70 }), fc.nat({ max: 70 }), (have, count) => {
        const members = Array.from({ length: have }, (_, n) => member(n));
        const plan = planPool({ ...inputs, count }, observed(members));
        const { buys, removes } = totals(plan);
        expect(buys).toBe(Math.max(0, count - have));
        expect(removes).toBe(Math.max(0, have - count));
        for (const step of plan.steps) {
          if (step.kind !== "call") continue;
          expect(step.buys ?? step.removes?.length).toBeLessThanOrEqual(20);
        }
      }),
    );
  });
});

describe("whose nodes are whose", () => {
  test.each<[string, EmrNode, string[]]>([
    ["recorded", node(1), ["emr-vm-1"]],
    ["tagged as ours", node(1, { tags: own() }), []],
    ["tagged as ours, and recorded", node(1, { tags: own() }), ["emr-vm-1"]],
  ])("%s: a member", (_name, listed, recorded) => {
    expect(survey([listed], inputs, { recorded, owner }).members).toHaveLength(1);
  });

  test.each<[string, EmrNode]>([
    ["made in the console", node(1)],
    ["of another pool", node(1, { tags: [{ tagKey: "pulumi-bigdata-pool", tagValue: "other" }] })],
    ["of autoscaling, even with our tag", node(1, { autoFlag: 1, tags: own() })],
    ["of another role, even with our tag", node(1, { flag: 2, tags: own() })],
    ["bought by us with other settings", node(1, { tags: own({ ...inputs, yarnNodeLabel: "gpu" }) })],
    ["bought by another pool of this name", node(1, { tags: own(inputs, "another") })],
    ["under this pool's name, and nobody says who bought it", node(1, { tags: own(inputs, "") })],
  ])("%s: not a member", (_name, listed) => {
    expect(survey([listed], inputs, { recorded: [], owner }).members).toEqual([]);
  });

  test("a recorded node that another pool has taken is left alone, with a warning", () => {
    const taken = node(1, { tags: [{ tagKey: "pulumi-bigdata-pool", tagValue: "other" }] });
    const { members, warnings } = survey([taken], inputs, { recorded: ["emr-vm-1"], owner });
    expect(members).toEqual([]);
    expect(textsOf(warnings).join()).toMatch(/pool other/);
  });

  test.each<[string, EmrNode, RegExp | undefined]>([
    ["an ordinary node", node(1), undefined],
    ["by machine id", node(2, { orderNo: "ins-1" }), undefined],
    [
      "of another pool",
      node(1, { tags: [{ tagKey: "pulumi-bigdata-pool", tagValue: "other" }] }),
      /pool other/,
    ],
    ["of another role", node(1, { flag: 2 }), /not a task node/],
    ["of autoscaling", node(1, { autoFlag: 1 }), /autoscaling/],
  ])("adopt: %s", (_name, listed, obstacle) => {
    const { members, notAdoptable } = survey(
      [listed],
      { ...inputs, adopt: ["emr-vm-1", "ins-1"] },
      { recorded: [], owner },
    );
    if (obstacle) expect(textsOf(notAdoptable).join()).toMatch(obstacle);
    else expect(members).toHaveLength(1);
  });
});

describe("tokens", () => {
  test.each<[string, string]>([
    ["the count", orderToken(inputs, ["a"], 3, 0)],
    ["the members", orderToken(inputs, ["a", "b"], 2, 0)],
    ["the pool", orderToken({ ...inputs, poolId: "q" }, ["a"], 2, 0)],
    ["the settings", orderToken({ ...inputs, zoneId: 100003 }, ["a"], 2, 0)],
    ["a repetition", orderToken(inputs, ["a"], 2, 1)],
  ])("differ with %s", (_name, other) => {
    expect(other).not.toBe(orderToken(inputs, ["a"], 2, 0));
  });

  test("are the same for the same purchase, in whatever order the members are listed", () => {
    expect(orderToken(inputs, ["b", "a"], 2, 0)).toBe(orderToken(inputs, ["a", "b"], 2, 0));
  });
});

describe("diff of a node pool", () => {
  const nodes = [1, 2].map((n) => nodeOutputOf(node(n)));
  const state: NodePoolState = {
    ...inputs,
    tags: [
      { tagKey: "a", tagValue: "1" },
      { tagKey: "b", tagValue: "2" },
    ],
    nodes,
    nodeCount: 2,
    privateIps: [],
    region: "ap-guangzhou",
    lastFlow: "",
    lastRequestId: "",
    specHash: specHash(inputs),
  };
  const same = { ...inputs, tags: state.tags };

  test.each<[string, NodePoolInputs, Partial<NodePoolState>]>([
    ["nothing differs", same, {}],
    ["only the order of tags differs", { ...same, tags: [...(state.tags ?? [])].reverse() }, {}],
    [
      "only the order of process numbers differs",
      { ...same, softDeployInfo: [2, 1] },
      { softDeployInfo: [1, 2] },
    ],
    [
      "only the spacing of JSON differs",
      { ...same, scaleOutServiceConfAssign: '{"a": 1}' },
      { scaleOutServiceConfAssign: '{"a":1}' },
    ],
    [
      "a default is written out",
      { ...same, hardwareResourceType: "HOST", timeUnit: "s", timeSpan: 3600 },
      {},
    ],
    [
      "defaults are written out",
      { ...same, startServiceAfterScaleOut: false, scaleIn: { order: "newest" } },
      {},
    ],
    ["an empty list is written out", { ...same, softDeployInfo: [] }, {}],
  ])("no change where %s", (_name, news, more) => {
    expect(emrNodePool.diff({ ...state, ...more }, news).changes).toBe(false);
  });

  test.each<[string, Partial<NodePoolInputs>, Partial<NodePoolState>, string]>([
    ["count", { count: 3 }, {}, "count"],
    ["a member that is gone", {}, { nodes: nodes.slice(1) }, "count"],
    ["tags", { tags: [] }, {}, "tags"],
    ["adopt", { adopt: ["ins-9"] }, {}, "adopt"],
    ["scaleIn", { scaleIn: { order: "oldest" } }, {}, "scaleIn"],
    ["deletionPolicy", { deletionPolicy: "leave" }, {}, "deletionPolicy"],
    ["timeouts", { timeouts: { create: "2h" } }, {}, "timeouts"],
    [
      "an open order",
      {},
      {
        pendingOrder: {
          token: "",
          sentAt: 0,
          serverTime: "",
          count: 1,
          specHash: "",
          payMode: 0,
          before: [],
          acknowledged: true,
        },
      },
      "nodes",
    ],
  ])("%s: in place", (_name, news, more, property) => {
    const { properties } = emrNodePool.diff({ ...state, ...more }, { ...same, ...news });
    expect(properties).toEqual([expect.objectContaining({ property, replace: false })]);
  });

  test("a new secret of a script is for the next purchase, and replaces nothing", () => {
    const script = (cosSecretKey: string) => ({
      preExecutedFileSettings: [{ cosFileUri: "u", cosSecretKey }],
    });
    const { properties } = emrNodePool.diff({ ...state, ...script("a") }, { ...same, ...script("b") });
    expect(properties).toMatchObject([
      { property: "preExecutedFileSettings", kind: "update", replace: false },
    ]);
    expect(specHash({ ...inputs, ...script("a") })).toBe(specHash({ ...inputs, ...script("b") }));
  });

  test.each<[string, Partial<NodePoolInputs>]>([
    ["clusterId", { clusterId: "emr-other" }],
    ["role", { role: "core" }],
    ["poolId", { poolId: "q" }],
    ["payMode", { payMode: 1 }],
    ["zoneId", { zoneId: 100003 }],
    ["subnetId", { subnetId: "subnet-1" }],
    ["yarnNodeLabel", { yarnNodeLabel: "gpu" }],
    ["disasterRecoverGroupIds", { disasterRecoverGroupIds: ["g"] }],
    ["preExecutedFileSettings", { preExecutedFileSettings: [{ cosFileUri: "u" }] }],
    ["softDeployInfo", { softDeployInfo: [1] }],
  ])("%s: replaces, old nodes first", (property, news) => {
    const diff = emrNodePool.diff(state, { ...same, ...news });
    expect(emrNodePool.deleteBeforeReplace).toBe(true);
    expect(diff.properties).toEqual([expect.objectContaining({ property, replace: true })]);
  });

  test("a core pool that was born without a setting does not get it later", () => {
    const core = { ...state, role: "core" as const };
    const wanted = { ...same, role: "core" as const, yarnNodeLabel: "gpu" };
    expect(() => emrNodePool.diff(core, wanted)).toThrow(/^yarnNodeLabel: cannot be changed on a core pool/);
    // Imported: the fingerprint says that it has it, or cannot say it yet.
    expect(emrNodePool.diff({ ...core, specHash: specHash(wanted) }, wanted).changes).toBe(false);
    const unclear = { ...wanted, subnetId: unknown };
    expect(emrNodePool.diff({ ...core, specHash: specHash(wanted) }, unclear).changes).toBe(true);
  });

  test("a pool that shrinks tells no nodes where it is not known which go", () => {
    const news = { ...same, count: 1, scaleIn: unknown as never };
    expect(emrNodePool.planFromState(state, news)).toMatchObject({
      steps: [],
      warnings: [{ code: "unknownInput", property: "scaleIn" }],
    });
  });

  test("an unknown count is a change in place", () => {
    const count = unknown as never;
    expect(emrNodePool.diff(state, { ...same, count }).properties).toMatchObject([
      { property: "count", kind: "update", replace: false },
    ]);
    expect(emrNodePool.planFromState(state, { ...same, count }).warnings).toMatchObject([
      { code: "unknownInput", property: "count", text: "count is not known yet" },
    ]);
  });

  test("the plan from state says what a replacement removes and buys", () => {
    const plan = emrNodePool.planFromState(state, { ...same, zoneId: 100003 });
    expect(totals(plan)).toMatchObject({ buys: 2, removes: 2 });
  });
});

test.each([
  [{ spec: "CVM.S5", cpuNum: 8, memSize: 16 * 2 ** 30 }, "S5.2XLARGE16"],
  [{ spec: "CVM.S5", cpuNum: 4, memSize: 8 * 2 ** 30 }, "S5.LARGE8"],
  [{ spec: "CVM.S5", cpuNum: 2, memSize: 4 * 2 ** 30 }, "S5.MEDIUM4"],
  [{ spec: "CVM.S5" }, "S5"],
  [{}, ""],
])("the machine type of %j is %s", (listed, spec) => {
  expect(nodeOutputOf(node(1, listed)).spec).toBe(spec);
});

test.each([
  ["NodeManager:STARTED,DataNode:STARTED", "running"],
  ["NodeManager:STOPED,DataNode:STOPPED", "stopped"],
  ["NodeManager:STOPED,DataNode:STARTED", "degraded"],
  ["", "unknown"],
])("a node with %j is %s", (servicesStatus, state) => {
  expect(nodeOutputOf(node(1, { servicesStatus })).state).toBe(state);
});

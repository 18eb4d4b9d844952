// What became of a pool's calls: each row is what was sent, what is seen, and for how long nothing has moved.
import { describe, expect, test } from "vitest";
import { ShortList } from "../../../provider/call/pages";
import type { Look } from "../../../provider/core/apply";
import type { EmrCluster, EmrNode, FlowStatus } from "../../../provider/tencent/emr/cluster";
import { specHash } from "../../../provider/tencent/emr/nodePool/birth";
import {
  InputsDisagree,
  judgeOrder,
  judgeRemoval,
  judgeTagging,
  nodesOfOrder,
  type PoolFacts,
  type PoolSeen,
  type Removal,
  type Tagging,
} from "../../../provider/tencent/emr/nodePool/evidence";
import type { NodePoolInputs, Order } from "../../../provider/tencent/emr/nodePool/schema";
import { failureOf, lookAt } from "../looks";

const inputs: NodePoolInputs = {
  clusterId: "emr-1",
  role: "task",
  count: 2,
  poolId: "p/s/workers",
  payMode: 0,
  deletionPolicy: "terminate",
};

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
  { tagKey: "pulumi-bigdata-owner", tagValue: buyer },
];

const sentOrder: Order = {
  token: "t",
  sentAt: 0,
  serverTime: "2026-01-01 00:00:00",
  count: 2,
  specHash: specHash(inputs),
  payMode: 0,
  before: ["emr-vm-0"],
  acknowledged: true,
  owner,
};

const [removed, blocked, token, lag, delivery] = [60_000, 300_000, 330_000, 600_000, 3_600_000];
const busy = undefined;
const short = new ShortList("EMR counts 9 nodes, and shows only 4");
const clusters = {
  idle: { phase: "idle", status: 2 },
  scaling: { phase: "busy", status: 4 },
  busy: { phase: "busy", status: 3 },
  failed: { phase: "failed", status: 201 },
  unusable: { phase: "unusable", status: 304 },
} as const;

const clusterIn = (name: keyof typeof clusters): EmrCluster => ({
  ...{ id: "emr-1", title: name, zoneId: 1, uin: "1" },
  ...clusters[name],
});

const flowIn = (state: FlowStatus["state"], more: Partial<FlowStatus> = {}): FlowStatus => ({
  ...{ state, progress: 0.47, stage: "buying", reason: "no stock", status: 1, tags: "unknown" },
  ...{ startedAt: "", endedAt: "" },
  ...more,
});

/** A node by what is seen of it. The first one was there before. */
const kinds: Record<string, Partial<EmrNode>> = {
  /** Made long ago, by anybody. */
  old: { applyTime: "2025-12-01 00:00:00" },
  /** Made shortly before, by anybody. */
  recent: { applyTime: "2025-12-31 23:55:00" },
  /** A member of the pool, which shows no tags. */
  member: { applyTime: "2025-12-01 00:00:00" },
  /** Tagged as ours. */
  own: { tags: own() },
  bare: {},
  /** Of another pool of this name. */
  twin: { tags: own(inputs, "another") },
  /** Of another pool. */
  foreign: { tags: [{ tagKey: "pulumi-bigdata-pool", tagValue: "other" }] },
};

const nodesIn = (text: string) =>
  (text === "" ? [] : text.split(" ")).map((kind, index) => node(index, kinds[kind]));

interface Row extends Partial<Pick<Look<PoolSeen, PoolFacts>, "age" | "attempt" | "doubt">> {
  cluster?: keyof typeof clusters | "gone";
  flow?: FlowStatus;
  blockedFor?: number;
  isShort?: true;
}

function seenAs(nodes: string, rested: number | undefined, row: Row): Look<PoolSeen, PoolFacts> {
  const { cluster = rested === undefined ? "busy" : "idle", flow, blockedFor, isShort, ...more } = row;
  const seen: PoolSeen = {
    cluster: cluster === "gone" ? undefined : clusterIn(cluster),
    nodes: nodesIn(nodes),
    ...(isShort ? { short } : {}),
  };
  return lookAt<PoolSeen, PoolFacts>(seen, { flow, blockedFor }, { rested, ...more });
}

interface OrderRow extends Row {
  sent?: Partial<Order>;
  sighted?: string[];
  wanted?: Partial<NodePoolInputs>;
  isDelete?: true;
}

function judged(nodes: string, rested: number | undefined, row: OrderRow) {
  const { sent, sighted = [], wanted, isDelete = false, ...look } = row;
  const buyer = {
    wanted: { ...inputs, ...wanted },
    members: new Set(nodes.startsWith("member") ? ["emr-vm-0"] : []),
    isDelete,
  };
  const purchase = { sentAt: 0, order: { ...sentOrder, ...sent }, sighted };
  return judgeOrder(buyer, purchase, seenAs(nodes, rested, look));
}

const idsOf = (nodes: readonly EmrNode[]) => nodes.map(({ emrResourceId }) => emrResourceId);
const earlier = { attempt: 0 };
const unanswered = { acknowledged: false };
/** Sent, and no answer is known; a token is not remembered any more. */
const lost = { sent: unanswered, doubt: failureOf(), age: token };
const doubtful = { ...lost, doubt: failureOf({ kind: "server" }) };
const duplicate = { ...lost, doubt: failureOf({ kind: "duplicate" }) };
/** The answer was that to an order before. */
const replay = { flow: flowIn("finished", { startedAt: "2025-12-31 23:50:00" }), age: token };
const finished = flowIn("finished", { startedAt: "2026-01-01 00:00:00" });
const one = ["emr-vm-1"];
const both = ["emr-vm-1", "emr-vm-2"];

describe("an order of two nodes", () => {
  test.each<[string, number | undefined, OrderRow, string, string[]?]>([
    // Seen, at rest for, and besides; then what it brought.
    ["old own own", busy, {}, "open"],
    ["old own own", busy, { flow: flowIn("running") }, "open"],
    ["old own own", 0, {}, "over", both],
    ["old own own", 0, lost, "over", both],
    ["old own own", 0, earlier, "over", both],
    ["old own own", 0, { flow: finished }, "over", both],
    ["old own own", 0, { flow: flowIn("failed") }, "over", both],
    ["old own own", 0, replay, "over", both],
    ["old own own", 0, { cluster: "failed" }, "over", both],
    ["old own own", 0, { cluster: "unusable" }, "over", both],
    ["old own own own", 0, {}, "over", [...both, "emr-vm-3"]],
    ["old bare bare own own", 0, {}, "over", ["emr-vm-3", "emr-vm-4"]],
    // A part: a list may lag behind, and a token is remembered for a while.
    ["old own", 0, { age: token }, "open"],
    ["old own", lag - 1, { age: token }, "open"],
    ["old own", lag, { age: token - 1 }, "open"],
    // The cloud has done it: what is not listed is billed all the same.
    ["old own", lag, { age: token }, "unclear"],
    ["old own", lag, { age: delivery - 1 }, "unclear"],
    ["old own", lag, { age: delivery }, "failed", one],
    ["old own", lag, { ...earlier, age: delivery - 1 }, "unclear"],
    ["old own", lag, { ...earlier, age: delivery }, "over", one],
    ["old own", lag, { flow: finished, age: delivery - 1 }, "unclear"],
    ["old own", lag, { flow: finished, age: delivery }, "failed", one],
    ["old own", lag, { flow: flowIn("unknown"), age: token }, "unclear"],
    ["old own", lag, { flow: flowIn("failed"), age: token }, "failed", one],
    ["old own", lag, { ...earlier, flow: flowIn("failed"), age: token }, "over", one],
    ["old own", lag, { cluster: "failed", age: token }, "failed", one],
    // None.
    ["old", lag, { age: token }, "unclear"],
    ["old", lag, { age: delivery }, "failed", []],
    ["old", lag, { flow: flowIn("failed"), age: token }, "failed", []],
    ["old", lag, { ...earlier, sent: unanswered, age: token }, "over", []],
    ["old", lag, { ...earlier, sent: { ...unanswered, begun: true }, age: delivery - 1 }, "unclear"],
    ["old", lag, { ...earlier, sent: { ...unanswered, begun: true }, age: delivery }, "over", []],
    // What was listed once and is not any more has come and gone.
    ["old", lag, { sighted: both, age: token }, "failed", []],
    ["old", lag, { sighted: one, age: token }, "unclear"],
    // No answer is known, and nothing shows.
    ["old", lag - 1, lost, "open"],
    ["old", lag, { ...lost, age: token - 1 }, "open"],
    ["old", lag, lost, "lost and may be repeated", []],
    ["old", lag, { ...lost, cluster: "failed" }, "lost and may be repeated", []],
    ["old", lag, { ...lost, sent: { ...unanswered, begun: true } }, "unclear"],
    [
      "old",
      lag,
      { ...lost, sent: { ...unanswered, begun: true }, age: delivery },
      "lost and may be repeated",
    ],
    ["old", lag, doubtful, "lost", []],
    ["old own", lag, lost, "lost", one],
    // Its token was that of an earlier order, which must have left nothing that may be somebody's.
    ["member", lag, duplicate, "lost and may be repeated", []],
    ["old foreign", lag, duplicate, "lost and may be repeated", []],
    ["old own", lag, duplicate, "lost", one],
    ["old", lag, duplicate, "failed", []],
    ["old", lag, replay, "lost", []],
    ["member", lag, replay, "lost", []],
    ["member", lag - 1, replay, "open"],
    ["member", lag, { ...replay, age: token - 1 }, "open"],
    ["member", lag, { ...replay, attempt: 2 }, "failed", []],
    ["member", lag, { ...replay, ...earlier }, "over", []],
    ["recent", lag, replay, "failed", []],
    ["recent foreign", lag, replay, "lost", []],
    // Its own are nobody's else.
    ["member bare", lag, { ...replay, sighted: one }, "lost", one],
    // Without tags, just as many as a filled order would bring are its own.
    ["old bare bare", 0, {}, "over", both],
    ["old bare bare", 0, { flow: finished }, "over", both],
    ["old bare bare", 0, { ...earlier, sighted: both }, "over", both],
    ["old bare bare", busy, { flow: flowIn("running") }, "open"],
    // Otherwise a person has to say whose they are.
    ["old bare bare", lag - 1, { ...earlier, age: token }, "open"],
    ["old bare bare", lag, { ...earlier, age: token }, "unclear"],
    ["old bare bare", lag, { ...earlier, age: delivery }, "unclear"],
    ["old bare bare", lag, { flow: flowIn("failed"), age: token }, "unclear"],
    ["old bare bare", lag, lost, "unclear"],
    ["old bare bare", lag, duplicate, "unclear"],
    ["old bare bare bare", lag, { age: token }, "unclear"],
    ["old bare", lag, { age: delivery }, "unclear"],
    ["old twin", lag, { age: delivery }, "unclear"],
    ["old bare bare", 0, { ...earlier, wanted: { adopt: both } }, "over", []],
    ["old bare own", 0, { ...earlier, wanted: { exclude: ["ins-1"] } }, "over", ["emr-vm-2"]],
    ["old bare bare", 0, { wanted: { adopt: both } }, "failed", []],
    // Of an order with other settings than the present ones.
    ["old own own", 0, { ...earlier, wanted: { yarnNodeLabel: "gpu" } }, "unclear"],
    ["old own own", 0, { ...earlier, wanted: { yarnNodeLabel: "gpu" }, isDelete: true }, "over", both],
    ["old", lag, { ...earlier, sent: { ...unanswered, specHash: "s" }, age: token }, "over", []],
    // What ends every watch.
    ["old", 0, { cluster: "gone" }, "unclear"],
    ["old own", 0, { cluster: "unusable" }, "unclear"],
    ["old own own", busy, { flow: flowIn("blocked"), blockedFor: blocked - 1 }, "open"],
    ["old own own", busy, { flow: flowIn("blocked"), blockedFor: blocked }, "unclear"],
    ["old own own", busy, { isShort: true }, "open"],
    ["old own own", lag - 1, { isShort: true }, "open"],
    ["old own own", lag, { isShort: true }, "unclear"],
    ["old own own", 0, { isShort: true, cluster: "unusable" }, "unclear"],
    ["old own own", busy, { isShort: true, flow: flowIn("blocked"), blockedFor: blocked }, "unclear"],
  ])("%s, at rest for %s, %o: %s", (nodes, rested, row, verdict, brought) => {
    const result = judged(nodes, rested, row);
    const mayRepeat = result.is === "lost" && result.mayRepeat ? " and may be repeated" : "";
    expect(`${result.is}${mayRepeat}`).toBe(verdict);
    if (brought && "came" in result) expect(idsOf(result.came.nodes)).toEqual(brought);
  });

  test.each<[string, number | undefined, OrderRow, RegExp]>([
    ["old own", lag, { flow: flowIn("failed"), age: token }, /brought 1 of 2 .*failed at buying: no stock/],
    ["old own", lag, { age: token }, /lists only 1 of 2: .*for another 55 min\./],
    ["old bare", lag, { ...earlier, age: token }, /emr-vm-1 are new on emr-1/],
    ["recent", lag, replay, /emr-vm-0 are new on emr-1/],
    ["old", 0, { cluster: "gone" }, /emr-1 is gone/],
    ["old", 0, { cluster: "unusable" }, /cannot be used any more/],
    ["old", 0, { sent: { flow: { key: "FlowId", value: "7" } }, blockedFor: blocked }, /Workflow FlowId 7/],
  ])("%s, at rest for %s, %o is told: %s", (nodes, rested, row, why) => {
    expect(judged(nodes, rested, row)).toMatchObject({ why: expect.stringMatching(why) });
  });

  test("hands over why the inputs, or the list, have to be put right", () => {
    const disagreeing = judged("old own own", 0, { wanted: { yarnNodeLabel: "gpu" } });
    expect(disagreeing).toMatchObject({ why: expect.any(InputsDisagree) });
    expect(judged("old", lag, { isShort: true })).toMatchObject({ why: short });
  });

  test("tells how it gets on, and what goes wrong though its nodes are there", () => {
    const flow = flowIn("running");
    expect(judged("old", busy, { flow })).toEqual({ is: "open", progress: "40% of its workflow (buying)" });
    expect(judged("old own own", 0, {})).toMatchObject({ progress: "the order brought 2 of 2 task nodes" });
    expect(judged("old own own", 0, { flow: flowIn("failed") })).toMatchObject({
      came: { failure: "its workflow failed at buying: no stock" },
    });
  });

  test("keeps what is seen of it, once", () => {
    const scaling = { cluster: "scaling" } as const;
    const begun = { order: { begun: true } };
    expect(judged("old", busy, scaling)).toMatchObject({ keep: { ...begun, sighted: [] } });
    expect(judged("old", busy, {})).toEqual({ is: "open" });
    expect(judged("old own", busy, {})).toMatchObject({ keep: { sighted: one } });
    expect(judged("old own", busy, { ...scaling, sighted: one, sent: { begun: true } })).toEqual({
      is: "open",
    });
  });
});

describe("a removal of two nodes", () => {
  const removal: Removal = {
    ...{ sentAt: 0, action: "TerminateClusterNodes", clusterId: "emr-1", ids: both },
    flow: { key: "FlowId", value: "7" },
  };

  test.each<[string, number | undefined, Row, string, string[]?]>([
    // Seen, at rest for, and besides; then what is left.
    ["old", busy, {}, "open"],
    ["old", 0, {}, "over", []],
    ["old", 0, { doubt: failureOf() }, "over", []],
    ["old", 0, { cluster: "unusable" }, "over", []],
    ["", busy, { cluster: "gone" }, "over", []],
    ["old own", busy, { flow: flowIn("running") }, "open"],
    ["old own", removed - 1, {}, "open"],
    ["old own", removed, {}, "lost", one],
    ["old own own", removed, { attempt: 2 }, "lost", both],
    ["old own", removed, { attempt: 3 }, "failed", one],
    ["old own", removed - 1, { doubt: failureOf() }, "open"],
    ["old own", removed, { doubt: failureOf(), attempt: 3 }, "lost", one],
    ["old own", removed, { flow: flowIn("failed"), attempt: 3 }, "failed", one],
    ["old own", removed - 1, { cluster: "unusable" }, "unclear"],
    ["old own", busy, { flow: flowIn("blocked"), blockedFor: blocked - 1 }, "open"],
    ["old own", busy, { flow: flowIn("blocked"), blockedFor: blocked }, "unclear"],
    // A list that is short shows nothing gone.
    ["old", 0, { isShort: true }, "open"],
    ["old", lag - 1, { isShort: true }, "open"],
    ["old", lag, { isShort: true }, "unclear"],
  ])("%s, at rest for %s, %o: %s", (nodes, rested, row, verdict, left) => {
    const result = judgeRemoval(removal, seenAs(nodes, rested, row));
    expect(result.is).toBe(verdict);
    if (left && "came" in result) expect(idsOf(result.came)).toEqual(left);
    if (result.is === "failed") expect(result.why).toMatch(/RequestId request-1\), but emr-vm-1 are still/);
  });
});

describe("tags that are set", () => {
  test.each<[Partial<Tagging>, number | undefined, Row, string]>([
    // What was sent and answered, at rest for, and besides.
    [{}, busy, {}, "open"],
    [{}, busy, { flow: flowIn("running") }, "open"],
    [{}, 0, {}, "over"],
    [{}, 0, { flow: flowIn("failed") }, "over"],
    [{}, 0, { doubt: failureOf() }, "lost for good"],
    [{ hasFailed: true }, 0, {}, "failed"],
    // Whether a key is there already cannot be seen: then the other way is tried, once.
    [{ hasFailed: true, isBlind: true }, 0, {}, "lost"],
    [{ hasFailed: true, isBlind: true }, 0, { attempt: 2 }, "failed"],
    [{}, busy, { cluster: "unusable" }, "unclear"],
    [{}, busy, { cluster: "gone" }, "open"],
    [{}, busy, { flow: flowIn("blocked"), blockedFor: blocked }, "unclear"],
    [{}, lag - 1, { isShort: true }, "open"],
    [{}, lag, { isShort: true }, "unclear"],
  ])("%o, at rest for %s, %o: %s", (sent, rested, row, verdict) => {
    const tagging = { sentAt: 0, clusterId: "emr-1", ids: one, isBlind: false, ...sent };
    const result = judgeTagging(tagging, seenAs("own", rested, row));
    const isFinal = result.is === "lost" && result.mayRepeat === false;
    expect(`${result.is}${isFinal ? " for good" : ""}`).toBe(verdict);
    if ("came" in result) expect(result.came).toBe(verdict === "over");
  });
});

describe("which nodes an order brought", () => {
  const order = sentOrder;
  const none = {
    flow: "unknown" as const,
    tags: "unknown" as const,
    members: new Set<string>(),
  };
  const ids = idsOf;

  test("the tagged ones, whatever else is new", () => {
    const listed = [node(0), node(1, { tags: own() }), node(2, { tags: own() }), node(3)];
    expect(ids(nodesOfOrder(listed, inputs, order, none).bought)).toEqual(["emr-vm-1", "emr-vm-2"]);
  });

  test("as many untagged ones as were ordered, applied for together, once its workflow has ended well", () => {
    const listed = [node(0), node(1), node(2)];
    const bought = (flow: "running" | "ended" | "finished", nodes = listed) =>
      nodesOfOrder(nodes, inputs, order, { ...none, flow }).bought;
    expect(bought("running")).toEqual([]);
    expect(bought("finished")).toHaveLength(2);
    // Of an order that was filled in part nothing says which of the new ones it brought.
    expect(bought("ended")).toEqual([]);
    expect(bought("finished", [node(0), node(1)])).toEqual([]);
    expect(bought("finished", [...listed, node(3)])).toEqual([]);
    expect(bought("finished", [node(0), node(1), node(2, { applyTime: "2026-01-01 00:01:00" })])).toEqual([]);
  });

  test.each([
    ["somebody else's where the order failed", "ended", []],
    ["unclear where it was filled: other hands may have taken the tags", "finished", ["emr-vm-2"]],
  ] as const)("untagged ones, where tags were bound and are seen, are %s", (_, flow, doubtful) => {
    const listed = [node(0), node(1, { tags: own() }), node(2)];
    const evidence = { ...none, flow, tags: "bound" as const };
    const { bought, unclear } = nodesOfOrder(listed, inputs, order, evidence);
    expect([ids(bought), ids(unclear)]).toEqual([["emr-vm-1"], doubtful]);
  });

  test("nothing is in doubt about what was applied for long after the order", () => {
    const late = node(1, { applyTime: "2026-01-01 06:00:00" });
    expect(nodesOfOrder([node(0), late], inputs, order, none)).toEqual({ bought: [], unclear: [] });
  });

  test("what another pool of this name has bought with the same token is in doubt", () => {
    const twin = node(1, { tags: own(inputs, "another") });
    const { bought, unclear } = nodesOfOrder([node(0), twin], inputs, order, { ...none, flow: "finished" });
    expect([bought, ids(unclear)]).toEqual([[], ["emr-vm-1"]]);
  });

  // A member that was bought with tags and shows none: tags cannot be seen on this cluster.
  const hidden = { ...none, members: new Set(["emr-vm-0"]) };

  test("exactly as many untagged ones, where the pool's own nodes prove that tags cannot be seen", () => {
    expect(nodesOfOrder([node(0), node(1), node(2)], inputs, order, hidden).bought).toHaveLength(2);
  });

  test.each<[string, EmrNode[], typeof none]>([
    ["nothing proves that tags cannot be seen", [node(0), node(1), node(2)], none],
    ["there are too many", [node(0), node(1), node(2), node(3)], hidden],
    ["there are too few", [node(0), node(1)], hidden],
    [
      "they came at different times",
      [node(0), node(1), node(2, { applyTime: "2026-01-01 00:10:00" })],
      hidden,
    ],
    [
      "other nodes show tags",
      [node(0), node(9, { flag: 2, tags: [{ tagKey: "a", tagValue: "b" }] }), node(1), node(2)],
      hidden,
    ],
  ])("in doubt where untagged and %s", (_name, listed, evidence) => {
    const { bought, unclear } = nodesOfOrder(listed, inputs, order, evidence);
    expect(bought).toEqual([]);
    expect(unclear.length).toBeGreaterThan(0);
  });

  test.each<[string, EmrNode]>([
    ["there before", node(0, { tags: own() })],
    ["autoscaled", node(1, { autoFlag: 1 })],
    ["of another role", node(1, { flag: 2 })],
    ["older than the order", node(1, { applyTime: "2025-12-31 23:59:59" })],
    ["billed otherwise", node(1, { chargeType: 1 })],
    ["of another pool", node(1, { tags: [{ tagKey: "pulumi-bigdata-pool", tagValue: "other" }] })],
    ["bought with other settings", node(1, { tags: own({ ...inputs, yarnNodeLabel: "gpu" }) })],
    ["an entry without a machine", node(1, { orderNo: "" })],
    ["in another zone", node(1, { zoneId: 2 })],
    ["applied for after its workflow ended", node(1, { applyTime: "2026-01-01 00:20:01" })],
    ["excluded", node(8, { tags: own() })],
    ["adopted", node(9, { tags: own() })],
  ])("never one that is %s", (_name, listed) => {
    const wanted = { ...inputs, adopt: ["emr-vm-9"], exclude: ["ins-8"] };
    const evidence = { ...none, flow: "finished" as const, endedAt: "2026-01-01 00:20:00" };
    const result = nodesOfOrder([listed], wanted, { ...order, count: 1, zoneId: 1 }, evidence);
    expect(result).toEqual({ bought: [], unclear: [] });
  });
});

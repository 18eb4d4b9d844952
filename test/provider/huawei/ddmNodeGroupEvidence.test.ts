// What became of a call on a DDM node group: each row is what was sent, what is seen, and for how long nothing has moved.
import { describe, expect, test } from "vitest";
import {
  type EnlargeFacts,
  judgeEnlargement,
  judgeRemoval,
} from "../../../provider/huawei/ddm/nodeGroup/evidence";
import type { Job } from "../../../provider/huawei/ddm/nodeGroup/orders";
import type { PendingEnlarge } from "../../../provider/huawei/ddm/nodeGroup/schema";
import { failureOf, lookAt } from "../looks";

const [orderGrace, listing, settling, lag, accepted] = [30_000, 60_000, 180_000, 600_000, 1_800_000];
const busy = undefined;

/** A word for each node: `old` was there before; the others by their status. */
const nodesOf = (text: string) =>
  (text === "" ? [] : text.split(" ")).map((status, index) => ({
    id: `node-${status === "old" ? "" : "new-"}${index}`,
    ip: "",
    port: 0,
    zone: "",
    status: status === "old" ? "normal" : status,
  }));

const jobOf = (status: string | undefined): Job => ({
  id: "job-1",
  status,
  process: undefined,
  failReason: status === "Failed" ? "no capacity" : undefined,
});
const [running, completed, failedJob] = [jobOf("Running"), jobOf("Completed"), jobOf("Failed")];

interface Row extends Partial<EnlargeFacts> {
  /** What state and journal say of the call. */
  sent?: Partial<PendingEnlarge>;
  status?: string;
  isAutoPay?: boolean;
  cancelledOrders?: string[];
  age?: number;
  attempt?: number;
  lost?: boolean;
}

const accepts = { sent: { acknowledged: true } };
const ordered = { sent: { acknowledged: true, isOrder: true, orderId: "order-1" } };
const paying = { isAutoPay: true, ...ordered };
const earlier = { attempt: 0 };

/** Of two nodes, where one was there before. */
function judged(seen: string, rested: number | undefined, row: Row) {
  const { sent, status, isAutoPay, cancelledOrders, age = 0, attempt = 1, lost, ...facts } = row;
  const pending: PendingEnlarge = {
    ...{ id: "call-1", groupId: "g", sentAt: 0, count: 2, before: ["node-0"], jobsBefore: [] },
    ...{ isOrder: false, acknowledged: false },
    ...sent,
  };
  const shown = { status: status ?? (rested === undefined ? "ENLARGING" : "RUNNING"), nodes: nodesOf(seen) };
  const look = lookAt(
    shown,
    { job: undefined, order: undefined, mayBePassed: false, ...facts },
    {
      ...{ rested, age, attempt },
      doubt: lost ? failureOf() : undefined,
    },
  );
  return judgeEnlargement({ instanceId: "i", isAutoPay, cancelledOrders } as never, pending, look);
}

describe("an enlargement by two nodes", () => {
  test.each<[string, number | undefined, Row, string, string[]?]>([
    // Seen, at rest for, and besides; then what came.
    ["old normal normal", busy, accepts, "open"],
    ["old normal normal", 0, accepts, "over", ["node-new-1", "node-new-2"]],
    ["old normal normal", 0, { lost: true }, "over", ["node-new-1", "node-new-2"]],
    ["old running running", 0, { ...accepts, ...earlier }, "over", ["node-new-1", "node-new-2"]],
    ["old normal normal normal", 0, accepts, "over", ["node-new-1", "node-new-2", "node-new-3"]],
    // Not good yet.
    ["old normal creating", settling - 1, accepts, "open"],
    ["old normal creating", settling, accepts, "failed", ["node-new-1", "node-new-2"]],
    ["old normal creating", settling, { ...accepts, job: completed }, "failed"],
    ["old normal creating", settling, { ...accepts, job: failedJob }, "failed"],
    ["old normal creating", settling, { lost: true }, "failed"],
    // A part: the rest may only not be listed yet.
    ["old normal", settling, accepts, "open"],
    ["old normal", lag - 1, accepts, "open"],
    ["old normal", lag, accepts, "failed", ["node-new-1"]],
    ["old normal", lag, { ...accepts, ...earlier }, "failed", ["node-new-1"]],
    ["old normal", lag, { lost: true }, "failed", ["node-new-1"]],
    ["old normal", lag - 1, { ...accepts, job: failedJob }, "open"],
    ["old normal", lag, { ...accepts, job: failedJob }, "failed", ["node-new-1"]],
    ["old normal", lag, { ...ordered, job: completed }, "failed", ["node-new-1"]],
    ["old normal", lag, { ...ordered, order: "open" }, "open"],
    ["old normal", lag, { ...ordered, order: "done" }, "open"],
    // None, and accepted: never again on a guess.
    ["old", busy, { ...accepts, job: running }, "open"],
    ["old", lag - 1, { ...accepts, job: failedJob }, "open"],
    ["old", lag, { ...accepts, job: failedJob }, "failed", []],
    ["old", lag, { lost: true, job: failedJob }, "failed", []],
    ["old", lag, accepts, "open"],
    ["old", accepted - 1, accepts, "open"],
    ["old", accepted, accepts, "unclear"],
    ["old", accepted, { ...accepts, ...earlier }, "unclear"],
    ["old", accepted - 1, { ...accepts, job: completed }, "open"],
    ["old", accepted, { ...accepts, job: completed }, "unclear"],
    ["old", accepted, { ...accepts, job: jobOf(undefined) }, "unclear"],
    // None, and not accepted.
    ["old", lag - 1, { lost: true }, "open"],
    ["old", lag, { lost: true }, "lost", []],
    ["old", lag, { lost: true, attempt: 2 }, "lost", []],
    ["old", lag, earlier, "lost", []],
    ["old", lag, { lost: true, job: jobOf(undefined) }, "lost", []],
    ["old", lag, { lost: true, job: completed }, "unclear"],
    ["old", lag - 1, { lost: true, sent: { isOrder: true } }, "open"],
    ["old", lag, { lost: true, sent: { isOrder: true } }, "unclear"],
    ["old", lag, { ...earlier, sent: { isOrder: true } }, "unclear"],
    // Orders.
    ["old", 0, { ...ordered, order: "unpaid", age: orderGrace - 1 }, "open"],
    ["old", 0, { ...ordered, order: "unpaid", age: orderGrace }, "unclear"],
    ["old", 0, { ...paying, order: "unpaid", age: orderGrace }, "unclear"],
    ["old", busy, { ...ordered, order: "unpaid", age: orderGrace }, "unclear"],
    // Somebody else has added nodes.
    ["old normal normal", 0, { ...ordered, order: "unpaid", age: orderGrace }, "unclear"],
    ["old normal normal", 0, { ...ordered, order: "unpaid" }, "open"],
    ["old normal normal", 0, { ...ordered, order: "done" }, "over"],
    ["old normal normal", 0, { ...ordered, order: "open" }, "over"],
    ["old normal normal", 0, ordered, "over"],
    // Paid by now, since it has a job.
    ["old", 0, { ...ordered, order: "unpaid", job: running, age: orderGrace }, "open"],
    ["old", lag, { ...ordered, order: "unpaid", job: failedJob, age: lag }, "failed"],
    // The billing service cannot be asked.
    ["old", 0, { ...ordered, age: orderGrace - 1 }, "open"],
    ["old", 0, { ...ordered, age: orderGrace }, "unclear"],
    ["old", busy, { ...ordered, status: "PERIOD_CHANGING", age: orderGrace }, "unclear"],
    ["old", busy, { ...ordered, age: orderGrace }, "open"],
    ["old", 0, { ...paying, age: orderGrace }, "open"],
    ["old normal", 0, { ...ordered, age: orderGrace }, "open"],
    ["old", accepted, { ...paying, order: "open", age: accepted }, "open"],
    ["old", accepted, { ...paying, order: "done", age: accepted }, "open"],
    ["old", 0, { ...ordered, order: "cancelled" }, "failed", []],
    ["old normal", busy, { ...ordered, order: "cancelled" }, "failed", ["node-new-1"]],
    ["old normal creating", 0, { ...ordered, order: "cancelled" }, "over", ["node-new-1", "node-new-2"]],
    ["old", 0, { ...ordered, ...earlier, order: "cancelled" }, "over", []],
    ["old normal", 0, { ...ordered, ...earlier, order: "cancelled" }, "over", ["node-new-1"]],
    // A person has said that nothing is to come of it.
    ["old", busy, { ...ordered, cancelledOrders: ["order-1"] }, "over", []],
    ["old normal", busy, { ...accepts, cancelledOrders: ["call-1"] }, "over", ["node-new-1"]],
    ["old", 0, { sent: { acknowledged: true, jobId: "job-1" }, cancelledOrders: ["job-1"] }, "over", []],
    ["old", 0, { ...accepts, cancelledOrders: ["another"] }, "open"],
  ])("%s, at rest for %s, %o: %s", (seen, rested, row, verdict, came) => {
    const result = judged(seen, rested, row);
    expect(result.is).toBe(verdict);
    if (came) expect((result as { came: { id: string }[] }).came.map(({ id }) => id)).toEqual(came);
  });

  test.each<[string, number, Row, string]>([
    // Another machine may have found out long ago, and nodes that are not there have gone since.
    ["old", lag - 1, { job: completed }, "open"],
    ["old", lag, { job: completed }, "over"],
    ["old", lag, { job: failedJob }, "over"],
    ["old normal", lag, { job: completed }, "over"],
    ["old", accepted - 1, {}, "open"],
    ["old", accepted, {}, "over"],
    ["old", accepted - 1, { ...ordered, order: "done", age: 0 }, "open"],
    ["old", accepted, { ...ordered, order: "done", age: accepted }, "over"],
    ["old", accepted, { ...paying, order: "open", age: accepted }, "open"],
    ["old", accepted, { ...ordered, order: "unpaid", age: accepted }, "unclear"],
  ])("that another machine may have settled: %s, at rest for %s, %o: %s", (seen, rested, row, verdict) => {
    expect(judged(seen, rested, { ...accepts, ...earlier, mayBePassed: true, ...row }).is).toBe(verdict);
  });

  test("is known to be accepted once a node shows", () => {
    expect(judged("old normal", 0, { lost: true })).toMatchObject({ keep: { acknowledged: true } });
    expect(judged("old normal", 0, accepts)).not.toHaveProperty("keep");
    expect(judged("old", 0, { lost: true })).not.toHaveProperty("keep");
  });

  test.each<[string, number | undefined, Row, RegExp]>([
    [
      "old",
      lag,
      { ...accepts, job: failedJob },
      /brought 0 of 2 nodes: no capacity \(job unknown, RequestId/,
    ],
    ["old normal bad", lag, { ...accepts, job: completed }, /not good: node-new-2 \(bad\): the job is compl/],
    ["old", accepted, accepts, /was received, but shows no nodes\. .*DDM console.* name call-1 in/],
    ["old", accepted, { ...accepts, job: completed }, /\(job job-1, Completed\)/],
    ["old", lag, { lost: true, sent: { isOrder: true } }, /may have made an order\. .*billing console/],
    ["old", 0, { ...ordered, order: "cancelled" }, /Order order-1 for 2 nodes was canceled/],
    ["old", 0, { ...ordered, order: "unpaid", age: lag }, /order-1 for 2 nodes is not paid\. /],
    ["old", 0, { ...paying, order: "unpaid", age: lag }, /is not paid \(the balance may not suffice\)/],
    ["old", 0, { ...ordered, age: lag }, /is not paid, or just being carried out/],
  ])("%s, at rest for %s, %o is told: %s", (seen, rested, row, why) => {
    expect(judged(seen, rested, row)).toMatchObject({ why: expect.stringMatching(why) });
  });

  test("tells how it gets on", () => {
    const job = { ...running, process: "60%" };
    expect(judged("old normal", busy, { ...accepts, job })).toMatchObject({
      progress: "instance ENLARGING, 1 of 2 nodes there, job 60%",
    });
  });
});

describe("a removal of two of three nodes", () => {
  const ids = ["node-1", "node-2"];
  const refused = failureOf({ kind: "refused", mayHaveHappened: false });
  const lost = failureOf();

  test.each<[string, number | undefined, object, string]>([
    // Left, at rest for, and besides.
    ["node-0", busy, {}, "open"],
    ["node-0", 0, {}, "over"],
    ["node-0", 0, { doubt: lost }, "over"],
    ["node-0", 0, { doubt: refused }, "over"],
    ["node-0 node-2", lag - 1, {}, "open"],
    ["node-0 node-2", lag, {}, "lost"],
    ["node-0 node-2", lag, { attempt: 2 }, "failed"],
    ["node-0 node-2", lag - 1, { doubt: lost }, "open"],
    ["node-0 node-2", lag, { doubt: lost }, "lost"],
    ["node-0 node-2", lag, { doubt: lost, attempt: 2 }, "failed"],
    // They may have gone already, and be listed still.
    ["node-0 node-2", listing - 1, { doubt: refused }, "open"],
    ["node-0 node-2", listing, { doubt: refused }, "lost"],
    ["node-0 node-2", listing, { doubt: refused, attempt: 2 }, "lost"],
    // A group always has some node: an empty list tells nothing before it has lasted.
    ["", 0, {}, "open"],
    ["", lag - 1, {}, "open"],
    ["", lag, {}, "over"],
  ])("left %s, at rest for %s, %o: %s", (left, rested, more, verdict) => {
    const nodes = (left === "" ? [] : left.split(" ")).map((id) => ({ id }));
    const seen = { status: "RUNNING", nodes } as never;
    const result = judgeRemoval("i", { ids }, lookAt(seen, undefined, { rested, ...more }));
    expect(result.is).toBe(verdict);
    if ("came" in result) expect(result.came).toEqual(left.includes("node-2") ? ["node-2"] : []);
    if (result.is === "failed")
      expect(result.why).toMatch(/batch-delete on i left node-2 \(RequestId request-1/);
  });
});

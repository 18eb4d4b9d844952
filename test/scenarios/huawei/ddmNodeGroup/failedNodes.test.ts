// Nodes that a failed job leaves behind: they exist, never work, and may be billed.
import { expect, test } from "vitest";
import type { UpdateResult } from "../../../drivers/driver";
import { type Stand, stateOf, stepsOf } from "../../stand";
import { bought, instanceId, withInstance } from "../../subjects";

const allowed = { scaleIn: { allowed: true } };
const told = ({ error, messages }: UpdateResult) =>
  [error, ...messages.map(({ message }) => message)].join("\n");

const statuses = (stand: Stand) => stand.sim.ddm.nodes(instanceId).map(({ status }) => status);
const normal = (count: number) => Array.from({ length: count }, () => "normal");

/** Two nodes; three more are ordered, and none can be set up. */
async function withFailed(more: Record<string, unknown> = {}) {
  const subject = await withInstance();
  const { stand, deploy, nodes } = subject;
  expect((await deploy(2, more)).error).toBeUndefined();
  const initial = nodes();
  stand.sim.faults.add({ kind: "jobFails", reason: "no capacity" });
  expect((await deploy(5, more)).error).toMatch(/brought 3 of 3 nodes, not good: .*no capacity/);
  const failed = nodes().slice(2);
  return { ...subject, initial, failed };
}

test("do not count: every preview and run names them, and nothing is bought beside them", async () => {
  const { stand, deploy, declareGroup, failed } = await withFailed();
  for (const count of [5, 6]) {
    declareGroup(count);
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update group"]);
    const up = await deploy(count);
    expect(up.ok).toBe(false);
    for (const text of [told(preview), told(up)]) {
      for (const id of failed) expect(text).toContain(id);
      expect(text).toMatch(/could not be set up \(enlargefail\).*scaleIn\.allowed to true/);
    }
  }
  expect([bought(stand), statuses(stand).length]).toEqual([3, 5]);
});

test("are removed in one step where that is allowed, and as many are added", async () => {
  const { stand, deploy, declareGroup, nodes, initial } = await withFailed();
  declareGroup(5, allowed);
  const preview = await stand.stack.preview();
  expect(told(preview)).toMatch(/remove 3 nodes that could not be set up; add 3 nodes/);
  expect((await deploy(5, allowed)).error).toBeUndefined();
  expect([statuses(stand), bought(stand)]).toEqual([normal(5), 6]);
  expect(nodes().slice(0, 2)).toEqual(initial);
  expect(stepsOf(await stand.stack.preview())).toEqual([]);
  expect(await stateOf(stand, "group")).toMatchObject({ initialNodeIds: initial });
});

test("are not added anew without end where these fail as well", async () => {
  const { stand, deploy } = await withFailed();
  stand.sim.faults.add({ kind: "jobFails", action: "EnlargeInstance" });
  expect((await deploy(5, allowed)).error).toMatch(/not good/);
  expect([bought(stand), statuses(stand).length]).toEqual([6, 5]);
  expect((await deploy(5, allowed)).error).toBeUndefined();
  expect([statuses(stand), bought(stand)]).toEqual([normal(5), 9]);
});

test("are replaced once, though the run is killed between removal and purchase", async () => {
  const { stand, deploy, killAt } = await withFailed();
  killAt("EnlargeInstance", "received");
  expect((await deploy(5, allowed)).ok).toBe(false);
  expect(statuses(stand)).toEqual(normal(2));
  expect((await deploy(5, allowed)).error).toBeUndefined();
  expect([statuses(stand), bought(stand)]).toEqual([normal(5), 6]);
});

test("are only removed where no more are wanted", async () => {
  const { stand, deploy } = await withFailed();
  expect((await deploy(2, allowed)).error).toBeUndefined();
  expect([statuses(stand), bought(stand)]).toEqual([normal(2), 3]);
});

test("go with a destroy that shrinks", async () => {
  const { stand, nodes, initial } = await withFailed({ onDelete: "shrinkToInitial" });
  expect((await stand.stack.destroy()).error).toBeUndefined();
  expect(nodes()).toEqual(initial);
});

test("of a killed create are recorded by the next one, and replaced by the one after", async () => {
  const { stand, killAt, deploy } = await withInstance();
  stand.sim.faults.add({ kind: "jobFails" });
  killAt("EnlargeInstance", "acted");
  expect((await deploy(4, allowed)).ok).toBe(false);
  expect((await deploy(4, allowed)).error).toMatch(/not good/);
  expect((await deploy(4, allowed)).error).toBeUndefined();
  expect([statuses(stand), bought(stand)]).toEqual([normal(4), 4]);
});

test("that have come to be so unseen go only after a preview has said it", async () => {
  const { stand, deploy } = await withInstance();
  await deploy(3, allowed);
  const [, , own] = stand.sim.ddm.nodes(instanceId);
  if (own) own.status = "enlargefail";
  const more = { ...allowed, onDelete: "shrinkToInitial" };
  expect(told(await deploy(3, more))).toMatch(/it has 2 nodes, not 3/);
  expect([statuses(stand).length, bought(stand)]).toEqual([3, 1]);
  expect((await deploy(3, more)).error).toBeUndefined();
  expect([statuses(stand), bought(stand)]).toEqual([normal(3), 2]);
});

test("of others count and stay, and are warned of each time", async () => {
  const { stand, deploy } = await withInstance();
  const other = stand.sim.ddm.addNode(instanceId);
  other.status = "enlargefail";
  for (const _ of ["create", "update"]) {
    const up = await deploy(3, allowed);
    expect(up.error).toBeUndefined();
    expect(told(up)).toContain(`${other.nodeId} could not be set up (enlargefail)`);
  }
  const preview = await stand.stack.preview();
  expect(told(preview)).toMatch(/not known to be this resource's: it counts as a node until/);
  expect([statuses(stand).length, bought(stand), stand.changes()]).toEqual([3, 0, []]);
  other.status = "normal";
  expect((await deploy(3, allowed)).error).toBeUndefined();
  expect(stepsOf(await stand.stack.preview())).toEqual([]);
});

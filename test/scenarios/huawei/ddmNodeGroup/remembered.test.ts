// What this machine remembers of a DDM node group and the stack's state does not: enlargements that a killed run began.
import { readFileSync, renameSync, rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { pending } from "../../../../cli/pending";
import type { UpdateResult } from "../../../drivers/driver";
import { journalsOf, nodeGroup, type Stand, stateOf, stepsOf } from "../../stand";
import { bought, enlargements, instanceId, withInstance } from "../../subjects";

const shrink = { onDelete: "shrinkToInitial" };
const allowed = { scaleIn: { allowed: true } };
const zone = { availabilityZones: ["eu-west-101a"] };
type Subject = Awaited<ReturnType<typeof withInstance>>;

const told = ({ error, messages }: UpdateResult) => JSON.stringify([error, messages]);

const isSettled = (stand: Stand) =>
  journalsOf(stand)
    .map((path) => JSON.parse(readFileSync(path, "utf8")))
    .some(({ entry }) => entry?.settled?.length > 0);

/** Does something once the cloud has acted on the next call like this. */
function onceActed({ sim }: Stand, call: string, work: () => void): void {
  const stop = sim.onCall(({ action, phase }) => {
    if (action !== call || phase !== "acted") return;
    stop();
    work();
  });
}

const moments: Record<string, (subject: Subject) => void> = {
  "before the cloud acts": ({ killAt }) => killAt("EnlargeInstance", "received"),
  "before the answer": ({ killAt }) => killAt("EnlargeInstance", "acted"),
  "after the answer": ({ stand, killAt }) =>
    onceActed(stand, "EnlargeInstance", () => killAt("ShowInstance", "received")),
  "once it is settled": ({ stand, killAt }) => {
    const stop = stand.sim.onCall(({ action }) => {
      if (action !== "ShowInstance" || enlargements(stand) === 0 || !isSettled(stand)) return;
      stop();
      killAt("ListNodes", "received");
    });
  },
};

/** Two nodes; a run that is to add two more is killed. */
async function killed(moment: string, more: Record<string, unknown> = {}) {
  const subject = await withInstance();
  const { stand, deploy } = subject;
  expect((await deploy(2, more)).error).toBeUndefined();
  moments[moment]?.(subject);
  expect((await deploy(4, more)).ok).toBe(false);
  stand.sim.clock.advance(3_600_000);
  return subject;
}

const state = (stand: Stand) =>
  stateOf(stand, "group") as Promise<{ nodes: unknown[]; addedNodeIds: string[] } | undefined>;

describe("an enlargement whose run was killed, nodeCount being set back", () => {
  const acted = Object.keys(moments).slice(1);

  test.each(Object.keys(moments))("is found out about, and told (%s)", async (moment) => {
    const { stand, declareGroup, deploy, nodes } = await killed(moment);
    declareGroup(2);
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update group"]);
    expect(told(preview)).toMatch(
      /find out what an earlier enlargement by 2 nodes brought|look for .* which an earlier run added/,
    );
    const up = await deploy(2);
    if (moment === "before the cloud acts") expect(up.error).toBeUndefined();
    else expect(up.error).toMatch(/the group has 4 nodes.*scaleIn\.allowed.*or nodeCount to 4/);
    expect((await state(stand))?.nodes).toHaveLength(nodes().length);
    expect((await state(stand))?.addedNodeIds.sort()).toEqual(nodes().slice(2).sort());
    expect((await deploy(nodes().length)).error).toBeUndefined();
    expect(stepsOf(await stand.stack.preview())).toEqual([]);
    expect(bought(stand)).toBe(nodes().length - 2);
  });

  test.each(acted)("shows its nodes in a refresh (%s)", async (moment) => {
    const { stand, declareGroup, deploy, nodes } = await killed(moment);
    declareGroup(2);
    expect((await stand.stack.refresh()).error).toBeUndefined();
    expect((await state(stand))?.nodes).toHaveLength(4);
    if (moment !== "once it is settled") expect(await state(stand)).toHaveProperty("pendingEnlarge");
    expect((await deploy(2, allowed)).error).toBeUndefined();
    expect([nodes().length, bought(stand)]).toEqual([2, 2]);
  });

  test.each(acted)("is taken back by a destroy with shrinkToInitial (%s)", async (moment) => {
    const { stand, nodes } = await killed(moment, shrink);
    const before = nodes().slice(0, 2);
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(nodes()).toEqual(before);
  });

  test.each(acted)("is warned of by a destroy that leaves the nodes (%s)", async (moment) => {
    const { stand, nodes } = await killed(moment);
    const destroyed = told(await stand.stack.destroy());
    if (moment === "once it is settled") for (const id of nodes().slice(2)) expect(destroyed).toContain(id);
    else expect(destroyed).toMatch(/an enlargement by 2 may still come/);
    expect(nodes()).toHaveLength(4);
  });
});

describe("a create whose run was killed", () => {
  const answered = "once it has answered";

  /** Two nodes; a create that is to add two more is killed. */
  async function killedCreate(moment: string, more: Record<string, unknown>) {
    let loses = false;
    const onAnswer = (method: string) => {
      if (method !== "create" || !loses) return undefined;
      loses = false;
      return "drop";
    };
    const subject = await withInstance({}, { onAnswer });
    if (moment === answered)
      onceActed(subject.stand, "EnlargeInstance", () => {
        loses = true;
      });
    moments[moment]?.(subject);
    const initial = subject.nodes();
    expect((await subject.deploy(4, more)).ok).toBe(false);
    expect(await state(subject.stand)).toBeUndefined();
    return { ...subject, initial };
  }

  const cases = [...Object.keys(moments).slice(1), answered].flatMap((moment) => [
    [moment, "a second", 1000] as const,
    [moment, "two days", 2 * 86_400_000] as const,
  ]);

  test.each(cases)(
    "does not count its nodes among the initial ones (%s, %s ago)",
    async (moment, _age, age) => {
      const { stand, deploy, nodes, initial } = await killedCreate(moment, shrink);
      stand.sim.clock.advance(age);
      expect((await deploy(4, shrink)).error).toBeUndefined();
      const added = nodes().filter((id) => !initial.includes(id));
      expect(await state(stand)).toMatchObject({ initialNodeIds: [...initial].sort() });
      expect((await state(stand))?.addedNodeIds.sort()).toEqual(added.sort());
      expect(bought(stand)).toBe(2);
      expect(stepsOf(await stand.stack.preview())).toEqual([]);
      expect((await stand.stack.destroy()).error).toBeUndefined();
      expect(nodes()).toEqual(initial);
    },
  );

  test.each(Object.keys(moments))("shows where the group is imported (%s)", async (moment) => {
    const { stand, declareGroup, nodes } = await killedCreate(moment, {});
    stand.sim.clock.advance(1000);
    const imported = { type: nodeGroup({}).type, name: "group", id: instanceId };
    expect((await stand.stack.importResource(imported)).error).toBeUndefined();
    const present = (await state(stand))?.nodes.length ?? 0;
    declareGroup(present);
    const preview = await stand.stack.preview();
    expect(stepsOf(preview)).toEqual(["update group"]);
    expect(told(preview)).toMatch(
      /find out what an earlier enlargement by 2 nodes brought|look for .* which an earlier run added/,
    );
    const count = moment === "before the cloud acts" ? 2 : 4;
    await stand.stack.up();
    declareGroup(count);
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(nodes()).toHaveLength(count);
    expect(bought(stand)).toBe(count - 2);
    expect((await state(stand))?.addedNodeIds).toHaveLength(count - 2);
    expect(stepsOf(await stand.stack.preview())).toEqual([]);
    expect(await pending(stand.journalDirectory, "text")).toMatch(/^Nothing is open/);
  });

  test("is listed with its nodes", async () => {
    const { stand, deploy, nodes, initial } = await killedCreate(answered, {});
    const added = nodes().filter((id) => !initial.includes(id));
    expect(await pending(stand.journalDirectory, "text")).toContain(
      `2 nodes added: ${added.sort().join(", ")}`,
    );
    expect((await deploy(4)).error).toBeUndefined();
    await stand.stack.preview();
    expect(await pending(stand.journalDirectory, "text")).toMatch(/^Nothing is open/);
  });
});

test("an unpaid order whose run was killed is told, and not made again", async () => {
  const subject = await withInstance({ charging: "prePaid" });
  const { stand, deploy, declareGroup, nodes } = subject;
  await deploy(2);
  moments["after the answer"]?.(subject);
  expect((await deploy(3, zone)).ok).toBe(false);
  const [order] = stand.sim.ddm.orders(instanceId);
  declareGroup(2);
  const preview = await stand.stack.preview();
  expect(stepsOf(preview)).toEqual(["update group"]);
  expect(told(preview)).toContain(order?.orderId);
  expect((await deploy(2)).error).toContain(order?.orderId);
  stand.sim.ddm.payOrder(order?.orderId ?? "");
  stand.sim.clock.advance(3_600_000);
  expect((await deploy(3, zone)).error).toBeUndefined();
  expect([nodes().length, enlargements(stand)]).toEqual([3, 1]);
});

describe("another machine has gone on", () => {
  const elsewhere = async ({ journalDirectory }: Stand, work: () => Promise<unknown>) => {
    renameSync(journalDirectory, `${journalDirectory}.here`);
    await work();
    rmSync(journalDirectory, { recursive: true, force: true });
    renameSync(`${journalDirectory}.here`, journalDirectory);
  };

  test("with an enlargement that state held, and removed its nodes", async () => {
    const { stand, deploy, nodes } = await withInstance();
    await deploy(2);
    stand.sim.settings.timeScale = 3;
    expect((await deploy(4, { timeouts: { update: "5m" } })).error).toMatch(/Raise timeouts/);
    await elsewhere(stand, async () => {
      expect((await deploy(4)).error).toBeUndefined();
      expect((await deploy(2, allowed)).error).toBeUndefined();
    });
    const known = nodes();
    expect((await deploy(2, allowed)).error).toBeUndefined();
    expect([nodes(), bought(stand)]).toEqual([known, 2]);
    expect(await state(stand)).not.toHaveProperty("pendingEnlarge");
    expect(stepsOf(await stand.stack.preview())).toEqual([]);
  });

  test("from nodes that were not recorded here, and removed them", async () => {
    const { stand, deploy, nodes } = await killed("once it is settled");
    await elsewhere(stand, async () => {
      await stand.stack.refresh();
      expect((await deploy(2, allowed)).error).toBeUndefined();
    });
    const known = nodes();
    expect((await deploy(2, allowed)).error).toBeUndefined();
    expect([nodes(), bought(stand)]).toEqual([known, 2]);
    expect(stepsOf(await stand.stack.preview())).toEqual([]);
  });
});

test("a create that was killed, and of which less is wanted now: the nodes that it has added are named", async () => {
  const { killAt, deploy, nodes } = await withInstance();
  const before = nodes();
  killAt("EnlargeInstance", "acted");
  expect((await deploy(4, allowed)).ok).toBe(false);
  const { error = "" } = await deploy(2, allowed);
  const added = nodes().filter((id) => !before.includes(id));
  expect(added).toHaveLength(2);
  for (const id of added) expect(error).toContain(id);
});

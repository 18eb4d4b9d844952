// Other hands are at the pool's nodes between the preview and the run, or while it runs: nodes vanish or get protected,
// tags are taken away, a machine's journal is lost.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CallEvent } from "../../../../simulator/index";
import { unforeseen } from "../../announcement";
import { calls, expectHeld, makeKillable, tasksOf, tellingsOf } from "../../purchases";
import { declare, makeStand, pool, recordedNodes, type Stand } from "../../stand";

async function withNodes(count: number, settings: Partial<Stand["sim"]["settings"]> = {}): Promise<Stand> {
  const stand = await makeStand();
  Object.assign(stand.sim.settings, settings);
  declare(stand, pool(stand, count));
  expect((await stand.stack.up()).error).toBeUndefined();
  return stand;
}

/** The nodes that a preview says will go. */
async function announced(stand: Stand): Promise<string[]> {
  const told = tellingsOf(await stand.stack.preview());
  return [...new Set([...told.matchAll(/emr-vm-\w+/g)].map(([id]) => id))];
}

describe("a shrink from 5 to 3", () => {
  async function shrinking() {
    const stand = await withNodes(5);
    const all = stand.nodeIds();
    declare(stand, pool(stand, 3));
    const going = await announced(stand);
    expect(going).toHaveLength(2);
    const staying = all.filter((id) => !going.includes(id));
    const protect = (id: string | undefined, isProtected = true) => {
      for (const node of tasksOf(stand))
        if (node.emrResourceId === id) node.disableApiTermination = isProtected;
    };
    return { stand, going, staying, protect };
  }

  test.each([
    ["that was to go", "going", 1],
    ["that was to stay", "staying", 1],
  ] as const)("one %s has vanished: one of the two that were announced goes", async (_, whose, removals) => {
    const { stand, ...nodes } = await shrinking();
    const [victim = ""] = nodes[whose];
    stand.sim.emr.removeNode(stand.clusterId, victim);
    const up = await stand.stack.up();
    expect(up.error).toBeUndefined();
    expect(stand.nodeIds()).toHaveLength(3);
    expect(stand.nodeIds()).toEqual(expect.arrayContaining(nodes.staying.filter((id) => id !== victim)));
    expect([stand.bought(), calls(stand, "TerminateClusterNodes")]).toEqual([5, removals]);
    expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
    expect((await stand.stack.refresh()).error).toBeUndefined();
    expect((await stand.stack.up()).error).toBeUndefined();
    await expectHeld(stand, stand.nodeIds(), 5);
  });

  test("three have vanished: none goes, and none is bought before a preview shows it", async () => {
    const { stand, going, staying } = await shrinking();
    for (const id of [...going, staying[0] ?? ""]) stand.sim.emr.removeNode(stand.clusterId, id);
    const up = await stand.stack.up();
    expect(up.error).toBeUndefined();
    expect(tellingsOf(up)).toMatch(/pulumi refresh/);
    expect([stand.bought(), calls(stand, "TerminateClusterNodes")]).toEqual([5, 0]);
    expect((await recordedNodes(stand)).sort()).toEqual(staying.slice(1).sort());
    expect((await stand.stack.up()).error).toBeUndefined();
    await expectHeld(stand, stand.nodeIds(), 6);
    expect(stand.nodeIds()).toHaveLength(3);
  });

  test.each([1, 2])("%i of the two are protected: none goes, and it is said which", async (count) => {
    const { stand, going, staying, protect } = await shrinking();
    for (const id of going.slice(0, count)) protect(id);
    const { error = "" } = await stand.stack.up();
    for (const id of going.slice(0, count)) expect(error).toContain(id);
    expect(error).toMatch(/termination protection.*scaleIn\.nodes/s);
    expect(stand.nodeIds()).toHaveLength(5);
    expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
    // Other nodes go once they are named, and a preview has shown it.
    const named = staying.slice(0, count);
    declare(stand, pool(stand, 3, { scaleIn: { nodes: named } }));
    expect(await announced(stand)).toEqual(expect.arrayContaining(named));
    protect(going[0], count === 2);
    expect((await stand.stack.up()).error).toBeUndefined();
    await expectHeld(
      stand,
      stand.nodeIds().filter((id) => !named.includes(id)),
      5,
    );
    expect(stand.nodeIds()).toHaveLength(3);
  });

  test("one has vanished and one is protected of those that were to go: nothing goes", async () => {
    const { stand, going, staying, protect } = await shrinking();
    stand.sim.emr.removeNode(stand.clusterId, going[0] ?? "");
    protect(going[1]);
    const { error = "" } = await stand.stack.up();
    expect(error).toContain(going[1]);
    expect(calls(stand, "TerminateClusterNodes")).toBe(0);
    expect(stand.nodeIds()).toEqual(expect.arrayContaining(staying));
    protect(going[1], false);
    expect((await stand.stack.up()).error).toBeUndefined();
    await expectHeld(stand, staying, 5);
  });

  test.each([
    ["gets its protection just before the call", { disableApiTermination: true }],
    ["cannot be destroyed, which only the call tells", { destroyable: 0 as const }],
  ])("one of them %s: the refusal is told, and nothing goes in its place", async (_, fields) => {
    const { stand, going } = await shrinking();
    stand.sim.settings.removalOfUndestroyable = "refused";
    const stop = stand.sim.onCall(({ action, phase }) => {
      if (action !== "TerminateClusterNodes" || phase !== "received") return;
      const node = tasksOf(stand).find(({ emrResourceId }) => emrResourceId === going[0]);
      if (node) Object.assign(node, fields);
    });
    const { error = "" } = await stand.stack.up();
    stop();
    expect(error).toMatch(/protected/);
    expect([stand.nodeIds().length, calls(stand, "TerminateClusterNodes")]).toEqual([5, 1]);
    await expectHeld(stand, stand.nodeIds());
    for (const node of tasksOf(stand)) Object.assign(node, { disableApiTermination: false, destroyable: 1 });
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.nodeIds()).toHaveLength(3);
    expect(stand.nodeIds().filter((id) => going.includes(id))).toEqual([]);
  });
});

test("a shrink of 30 in two batches, of which the second is refused: the first is recorded", async () => {
  const stand = await withNodes(31);
  declare(stand, pool(stand, 1));
  const stop = stand.sim.onCall(({ action, phase }) => {
    if (action !== "TerminateClusterNodes" || phase !== "received") return;
    if (calls(stand, "TerminateClusterNodes") === 2)
      for (const node of tasksOf(stand)) node.disableApiTermination = true;
  });
  expect((await stand.stack.up()).error).toMatch(/protected/);
  stop();
  await expectHeld(stand, stand.nodeIds(), 31);
  expect(stand.nodeIds()).toHaveLength(11);
});

type Moment = [string, (event: CallEvent, stand: Stand) => boolean];

const moments: Moment[] = [
  ["before the run looks", () => true],
  ["just before the change", ({ action }) => /ScaleOut|Terminate/.test(action)],
  [
    "while the workflow runs",
    ({ action }, stand) =>
      action === "DescribeClusterFlowStatusDetail" && calls(stand, "DescribeClusterFlowStatusDetail") > 6,
  ],
];

const takings: [string, (key: string) => boolean][] = [
  ["all tags", () => true],
  ["the owner's tag", (key) => key === "pulumi-bigdata-owner"],
  ["the pool's tag", (key) => key === "pulumi-bigdata-pool"],
];

describe.each(moments)("tags are taken away %s", (_, isMoment) => {
  describe.each(takings)("%s", (__, isTaken) => {
    test.each([
      [3, 5],
      [5, 3],
    ])("from %i to %i nodes", async (from, to) => {
      const stand = await makeStand();
      const more = { tags: [{ tagKey: "team", tagValue: "data" }] };
      // Its tag shows that tags are seen here.
      const { emrResourceId: foreign } = stand.sim.emr.addForeignNode(stand.clusterId, {
        tags: [{ TagKey: "cost", TagValue: "shared" }],
      });
      const own = () => stand.nodeIds().filter((id) => id !== foreign);
      declare(stand, pool(stand, from, more));
      expect((await stand.stack.up()).error).toBeUndefined();
      const before = own();
      const flows = calls(stand, "DescribeClusterFlowStatusDetail");
      expect(flows).toBeGreaterThan(0);
      let isDone = false;
      stand.sim.onCall((event) => {
        if (isDone || event.phase !== "received" || !isMoment(event, stand)) return;
        isDone = true;
        for (const node of tasksOf(stand))
          if (node.emrResourceId !== foreign) node.tags = node.tags.filter(({ TagKey }) => !isTaken(TagKey));
      });
      declare(stand, pool(stand, to, more));
      expect((await stand.stack.up()).error).toBeUndefined();
      expect(isDone).toBe(true);
      await expectHeld(stand, own(), Math.max(from, to));
      expect(own()).toHaveLength(to);
      if (to > from) expect(own()).toEqual(expect.arrayContaining(before));
      // What is missing is seen, announced and set again.
      expect((await stand.stack.refresh()).error).toBeUndefined();
      expect((await stand.stack.up()).error).toBeUndefined();
      await expectHeld(stand, own(), Math.max(from, to));
      for (const node of tasksOf(stand).filter(({ emrResourceId }) => emrResourceId !== foreign))
        expect(node.tags.map(({ TagKey }) => TagKey)).toEqual(
          expect.arrayContaining(["pulumi-bigdata-pool", "team"]),
        );
      expect((await stand.stack.destroy()).error).toBeUndefined();
      expect(stand.nodeIds()).toEqual([foreign]);
    });
  });
});

test("all tags of new nodes are taken away before they were ever seen: it is asked whose they are", async () => {
  const stand = await withNodes(1);
  const before = stand.nodeIds();
  declare(stand, pool(stand, 3));
  const stop = stand.sim.onCall(({ action, phase }) => {
    if (action !== "DescribeClusterNodes" || phase !== "received") return;
    for (const node of tasksOf(stand)) if (!before.includes(node.emrResourceId)) node.tags = [];
  });
  const { error = "" } = await stand.stack.up();
  stop();
  const fresh = stand.nodeIds().filter((id) => !before.includes(id));
  for (const id of fresh) expect(error).toContain(id);
  expect(error).toMatch(/adopt.*exclude/s);
  expect(stand.bought()).toBe(3);
  stand.sim.clock.advance(2 * 3_600_000);
  expect((await stand.stack.up()).error).toContain(fresh[0]);
  expect(stand.bought()).toBe(3);
  declare(stand, pool(stand, 3, { adopt: fresh }));
  expect((await stand.stack.up()).error).toBeUndefined();
  await expectHeld(stand, stand.nodeIds());
});

const hidden = {
  because:
    "no state, journal or list shows the killed run's nodes, which get the new tags once they are listed",
  action: "ModifyResourcesTags",
};
const drifted = {
  because:
    "a plan leaves drift to a refresh, while the killed run's nodes, which carry the pool's mark, count at once",
  action: "ModifyResourcesTags",
};
const late = { statusLagMilliseconds: 2_000_000 };

describe.each([
  ["create", 0],
  ["grow", 2],
] as const)("a killed %s whose journal is lost, and then other tags", (operation, before) => {
  test.each([
    ["while its nodes arrive", {}, 0],
    ["once they are there", {}, 900_000],
    ["before anything of it is seen", late, 0],
    [
      "before anything of it is seen, a repeated token being a duplicate",
      { ...late, repeatedToken: "duplicateOrder" },
      0,
    ],
    [
      "before anything of it is seen, a repeated token telling the same",
      { ...late, repeatedTokenOtherBody: "sameAnswer" },
      0,
    ],
  ] as const)("%s: nothing is bought again, and nothing goes unseen", async (_, settings, pause) => {
    const { stand, killWhen } = await makeKillable();
    const tags = (tagValue: string) => ({ tags: [{ tagKey: "team", tagValue }] });
    if (before > 0) {
      declare(stand, pool(stand, before, tags("old")));
      expect((await stand.stack.up()).error).toBeUndefined();
    }
    Object.assign(stand.sim.settings, settings);
    killWhen(({ action, phase }) => action === "ScaleOutInstance" && phase === "acted");
    const count = before + 2;
    declare(stand, pool(stand, count, tags("old")));
    expect((await stand.stack.up()).ok).toBe(false);
    rmSync(stand.journalDirectory, { recursive: true });
    stand.sim.clock.advance(pause);
    declare(stand, pool(stand, count, tags("new")));
    const up = () => stand.stack.up();
    const isHidden = "statusLagMilliseconds" in settings;
    const first =
      before > 0 && (isHidden || pause > 0)
        ? await unforeseen(stand.stack, isHidden ? hidden : drifted, up)
        : await up();
    // Nothing on this machine or in state is left of a create: its nodes are told, and taken over where that is said.
    if (operation === "create") {
      expect(first.ok).toBe(false);
      const second = first.error?.includes("emr-vm-") ? first : await stand.stack.up();
      for (const id of stand.nodeIds()) expect(second.error).toContain(id);
      declare(stand, pool(stand, count, { ...tags("new"), adopt: stand.nodeIds() }));
    }
    for (let run = 0; run < 2; run++) if ((await stand.stack.up()).ok) break;
    expect((await stand.stack.up()).error).toBeUndefined();
    await expectHeld(stand, stand.nodeIds(), count);
    for (const node of tasksOf(stand)) expect(node.tags).toContainEqual({ TagKey: "team", TagValue: "new" });
  });
});

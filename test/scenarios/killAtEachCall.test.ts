// The provider is killed (SIGKILL) at every call it makes while it creates, grows, shrinks and destroys a pool: before
// the cloud acts, and, where the call changes something, after it has acted and before the answer. The next run must
// end with what was declared: nothing bought twice, nothing orphaned, nothing foreign touched.
import { expect, test } from "vitest";
import type { ProviderStarted } from "../engine/providerProcess";
import { declare, makeStand, pool, recordedNodes, stateOf } from "./stand";

const isRead = (action: string) => action.startsWith("Describe") || action.startsWith("Inquiry");

const operations = [
  { name: "create", count: 2, buys: 2 },
  { name: "grow", count: 4, buys: 2 },
  { name: "shrink", count: 1, buys: 0 },
  { name: "destroy", count: 0, buys: 0 },
];

test("killed at each call of create, grow, shrink and destroy", { timeout: 400_000 }, async () => {
  let provider: ProviderStarted | undefined;
  const stand = await makeStand({
    // A scale-out takes two seconds here: long enough to be seen under way, few enough polls to kill at each.
    simulator: { timeScale: 0.008 },
    onProviderStart: (started) => {
      provider = started;
    },
  });
  const foreign = [
    stand.sim.emr.addForeignNode(stand.clusterId, { role: "task" }).emrResourceId,
    stand.sim.emr.addAutoscaledNode(stand.clusterId, {}).emrResourceId,
  ];
  const killedAt: Record<string, string[]> = Object.fromEntries(operations.map(({ name }) => [name, []]));
  const done = new Set<string>();
  let bought = 0;

  // Round by round, each operation is killed one call later, until it ends without having been killed.
  while (done.size < operations.length) {
    for (const { name, count, buys } of operations) {
      const run = () => (name === "destroy" ? stand.stack.destroy() : stand.stack.up());
      const earlier = killedAt[name] ?? [];
      let boundary = 0;
      let where = "";
      const stop = stand.sim.onCall(({ action, phase }) => {
        if (where || (phase === "acted" && isRead(action)) || boundary++ !== earlier.length) return undefined;
        where = `${action} ${phase}`;
        provider?.kill("SIGKILL");
        return "drop";
      });
      declare(stand, pool(stand, count));
      let result = await run();
      stop();
      if (where) {
        expect(result.ok, `${name}, killed at ${where}`).toBe(false);
        earlier.push(where);
        result = await run();
      } else {
        done.add(name);
      }
      const context = `${name}, call ${earlier.length}, ${where}`;
      expect(result.error, context).toBeUndefined();
      bought += buys;
      expect(stand.bought(), context).toBe(bought);
      const own = stand.nodeIds().filter((id) => !foreign.includes(id));
      expect(own, context).toHaveLength(count);
      expect(stand.nodeIds(), context).toEqual(expect.arrayContaining(foreign));
      if (name === "destroy") expect(await stateOf(stand), context).toBeUndefined();
      else expect((await recordedNodes(stand)).sort(), context).toEqual(own.sort());
    }
  }
  for (const [name, change] of [
    ["create", "ScaleOutInstance"],
    ["grow", "ScaleOutInstance"],
    ["shrink", "TerminateClusterNodes"],
    ["destroy", "TerminateClusterNodes"],
  ]) {
    expect(killedAt[name ?? ""]).toEqual(expect.arrayContaining([`${change} received`, `${change} acted`]));
    expect(killedAt[name ?? ""]?.length).toBeGreaterThan(6);
  }
});

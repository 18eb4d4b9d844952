// What a preview announces is what happens: the calls that `pulumi-bigdata plan` makes of a preview are those that the cloud
// then receives, with the same key parameters; or it has said why it cannot know.
import { expect, test } from "vitest";
import { usual } from "../../provider/core/durations";
import { readDurations } from "../../provider/core/measurements";
import type { ListedResource } from "../engine/resourceList";
import { actedIn, summaryOf } from "./announcement";
import { announcedBy, isSame } from "./comparison";
import { applicationState, declare, engineImage, nodeGroup, pool, type Stand, serviceState } from "./stand";
import { dataEngineId, instanceId, newVersion, oldVersion, vkeClusterId, withAll } from "./subjects";

/** Previews, then deploys; what was announced must be what the cloud received. */
async function expectAsAnnounced(stand: Stand, resources: ListedResource[], verdict: string): Promise<void> {
  declare(stand, ...resources);
  const preview = await stand.stack.preview();
  expect(preview.error).toBeUndefined();
  const summary = summaryOf(preview);
  expect(summary.verdict).toBe(verdict);
  const before = stand.sim.journal.length;
  expect((await stand.stack.up()).error).toBeUndefined();
  expectUsualDurations(stand);
  if (summary.open > 0) return;
  const announced = announcedBy(summary.changes);
  const received = actedIn(stand.sim, before);
  expect(received.map(({ action }) => action)).toEqual(announced.map(({ action }) => action));
  for (const [index, told] of announced.entries()) {
    const { action, request } = received[index] ?? { action: "" };
    expect(isSame({ action, request }, told, stand.clouds), JSON.stringify({ told, request })).toBe(true);
  }
}

/** What is taken for usual is what calls take in the stand-in clouds, of the same order at least. */
function expectUsualDurations({ journalDirectory }: Stand): void {
  for (const { action, seconds } of readDurations(journalDirectory)) {
    const expected = usual[action] ?? 0;
    expect(seconds, action).toBeGreaterThanOrEqual(expected / 5);
    expect(seconds, action).toBeLessThanOrEqual(expected * 2);
  }
}

const withEverything = () => withAll({ timeScale: 1 });

test("a pool: bought in batches, grown, tagged, shrunk, replaced, removed", {
  timeout: 120_000,
}, async () => {
  const stand = await withEverything();
  const tags = [{ tagKey: "team", tagValue: "a" }];
  await expectAsAnnounced(stand, [pool(stand, 22)], "spends");
  await expectAsAnnounced(stand, [pool(stand, 23)], "spends");
  await expectAsAnnounced(stand, [pool(stand, 23, { tags })], "safe");
  await expectAsAnnounced(stand, [pool(stand, 2, { tags, scaleIn: { graceSeconds: 60 } })], "destroys");
  await expectAsAnnounced(stand, [pool(stand, 1, { tags, yarnNodeLabel: "fast" })], "destroys");
  await expectAsAnnounced(stand, [], "destroys");
});

test("a service: taken charge of, stopped, started, restarted in batches, narrowed", async () => {
  const stand = await withEverything();
  const service = (more: Record<string, unknown>) => [serviceState(stand, { state: "running", ...more })];
  await expectAsAnnounced(stand, service({}), "safe");
  await expectAsAnnounced(stand, service({ state: "stopped" }), "disturbs");
  await expectAsAnnounced(stand, service({}), "safe");
  await expectAsAnnounced(
    stand,
    service({ restartTriggers: { a: "1" }, restart: { rolling: true, batchSize: 2, waitSeconds: 5 } }),
    "disturbs",
  );
  await expectAsAnnounced(stand, service({ restartTriggers: { a: "1" }, maintenance: true }), "safe");
  await expectAsAnnounced(stand, [], "safe");
});

test("an engine image: switched and restored", async () => {
  const stand = await withEverything();
  const image = (imageVersion: string) => [
    engineImage({ dataEngineId, imageVersion, onDelete: "restorePrevious" }),
  ];
  await expectAsAnnounced(stand, image(oldVersion), "safe");
  await expectAsAnnounced(stand, image(newVersion), "disturbs");
  await expectAsAnnounced(stand, [], "disturbs");
});

test("a node group: grown, shrunk, left", async () => {
  const stand = await withEverything();
  const flavorId = stand.sim.ddm.groups(instanceId)[0]?.flavorId;
  const group = (nodeCount: number) => [
    nodeGroup({ instanceId, flavorId, nodeCount, scaleIn: { allowed: true } }),
  ];
  await expectAsAnnounced(stand, group(2), "safe");
  await expectAsAnnounced(stand, group(4), "spends");
  await expectAsAnnounced(stand, group(3), "destroys");
  await expectAsAnnounced(stand, [], "safe");
});

test("an application: stopped, started with configuration, restarted, replaced by another release", async () => {
  const stand = await withEverything();
  const application = (more: Record<string, unknown>) => [
    applicationState({
      clusterId: vkeClusterId,
      application: "Ray",
      components: ["RayOperator"],
      state: "running",
      ...more,
    }),
  ];
  const configs = { applicationConfigs: [{ file: "f.yaml", key: "k", value: "secret-value" }] };
  await expectAsAnnounced(stand, application({}), "safe");
  await expectAsAnnounced(stand, application({ state: "stopped" }), "disturbs");
  await expectAsAnnounced(stand, application({}), "safe");
  await expectAsAnnounced(stand, application({ restartTriggers: { a: "1" } }), "disturbs");
  await expectAsAnnounced(stand, application({ restartTriggers: { a: "1" }, ...configs }), "disturbs");
  const release = { components: ["RayCluster"], releaseName: "batch" };
  await expectAsAnnounced(stand, application({ ...release, onDelete: "stopped" }), "safe");
  await expectAsAnnounced(stand, [], "disturbs");
});

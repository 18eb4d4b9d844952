// What a preview announces is what happens: the calls that `pulumi-bigdata plan` makes of a preview are those that the cloud
// then receives, with the same key parameters; or it has said why it cannot know.
import { expect, test } from "vitest";
import { readPreview } from "../../cli/preview";
import { type Change, summarise } from "../../cli/summary";
import type { JournalEntry } from "../../simulator/index";
import type { UpdateResult } from "../drivers/driver";
import type { ListedResource } from "../engine/resourceList";
import {
  applicationState,
  declare,
  engineImage,
  makeStand,
  nodeGroup,
  pool,
  type Stand,
  serviceState,
} from "./stand";
import { dataEngineId, instanceId, newVersion, oldVersion, vkeClusterId } from "./subjects";

/** Names of the same call, as the plan and as the cloud calls it. */
const alias: Record<string, string> = { enlarge: "EnlargeInstance", "batch-delete": "BatchDeleteNodes" };

interface Told {
  action: string;
  parameters: Record<string, unknown>;
}

const announcedBy = (changes: Change[]): Told[] =>
  changes.flatMap(({ calls }) =>
    calls.map(({ action, parameters }) => ({ action: alias[action] ?? action, parameters })),
  );

/** The parameters of a plan's step among those of a request. */
function among(
  parameters: Record<string, unknown>,
  request: Record<string, unknown>,
): Record<string, unknown> {
  const scope = (request["OpScope"] as { ServiceInfoList?: { ServiceName: string }[] } | undefined)
    ?.ServiceInfoList?.[0];
  const strategy = request["StrategyConfig"] as Record<string, unknown> | undefined;
  const params = Object.fromEntries(
    ((request["ActionParams"] ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [
      Key,
      Value,
    ]),
  );
  const tagged = (request["ModifyResourceTagsInfoList"] ?? []) as { ResourceId: string }[];
  const all: Record<string, unknown> = {
    ResourceIds: tagged.map(({ ResourceId }) => ResourceId),
    ...request,
    ...strategy,
    ...params,
    ServiceName: scope?.ServiceName,
  };
  return Object.fromEntries(Object.keys(parameters).map((name) => [name, all[name]]));
}

const summaryOf = (preview: UpdateResult) => summarise(readPreview(JSON.stringify(preview.digest)));

/** Previews, then deploys; what was announced must be what the cloud received. */
async function expectAsAnnounced(stand: Stand, resources: ListedResource[], verdict: string): Promise<void> {
  declare(stand, ...resources);
  const preview = await stand.stack.preview();
  expect(preview.error).toBeUndefined();
  const summary = summaryOf(preview);
  expect(summary.verdict).toBe(verdict);
  const before = stand.sim.journal.length;
  expect((await stand.stack.up()).error).toBeUndefined();
  const received = stand.sim.journal.slice(before).filter(({ acted }) => acted);
  if (summary.open > 0) return;
  const announced = announcedBy(summary.changes);
  expect(received.map(({ action }) => action)).toEqual(announced.map(({ action }) => action));
  for (const [index, { parameters }] of announced.entries()) {
    const { request } = received[index] as JournalEntry;
    // Configuration and tags are announced by their names only.
    const { applicationConfigs: _, Tags: __, ...known } = parameters;
    expect(among(known, request as Record<string, unknown>)).toEqual(known);
  }
}

async function withAll() {
  const stand = await makeStand();
  stand.sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports" });
  stand.sim.ddm.createInstance({ instanceId });
  stand.sim.vke.createCluster({
    clusterId: vkeClusterId,
    applications: { Ray: { RayOperator: ["operator"], RayCluster: ["batch", "serving"] } },
  });
  return stand;
}

test("a pool: bought in batches, grown, tagged, shrunk, replaced, removed", {
  timeout: 120_000,
}, async () => {
  const stand = await withAll();
  const tags = [{ tagKey: "team", tagValue: "a" }];
  await expectAsAnnounced(stand, [pool(stand, 22)], "spends");
  await expectAsAnnounced(stand, [pool(stand, 23)], "spends");
  await expectAsAnnounced(stand, [pool(stand, 23, { tags })], "safe");
  await expectAsAnnounced(stand, [pool(stand, 2, { tags, scaleIn: { graceSeconds: 60 } })], "destroys");
  await expectAsAnnounced(stand, [pool(stand, 1, { tags, yarnNodeLabel: "fast" })], "destroys");
  await expectAsAnnounced(stand, [], "destroys");
});

test("a service: taken charge of, stopped, started, restarted in batches, narrowed", async () => {
  const stand = await withAll();
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
  const stand = await withAll();
  const image = (imageVersion: string) => [
    engineImage({ dataEngineId, imageVersion, onDelete: "restorePrevious" }),
  ];
  await expectAsAnnounced(stand, image(oldVersion), "safe");
  await expectAsAnnounced(stand, image(newVersion), "disturbs");
  await expectAsAnnounced(stand, [], "disturbs");
});

test("a node group: grown, shrunk, left", async () => {
  const stand = await withAll();
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
  const stand = await withAll();
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

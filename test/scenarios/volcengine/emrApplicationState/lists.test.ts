// Lists that come in pages, in part or late: nothing is concluded from what they do not show.
import { describe, expect, test } from "vitest";
import type { VolcengineSettings } from "../../../../simulator/index";
import { type Stand, stateOf, stepsOf } from "../../stand";
import { vkeClusterId, withApplication } from "../../subjects";

type Settings = Partial<VolcengineSettings>;
const one = { restartTriggers: { image: "1" } };
const two = { restartTriggers: { image: "2" } };
const set = ({ sim }: Stand, settings: Settings) => Object.assign(sim.settings.volcengine, settings);
const told = (result: { messages: { message: string }[] }) =>
  result.messages.map(({ message }) => message).join("\n");

/** Applications that are listed before Ray. */
function addApplications({ sim }: Stand, count: number): void {
  const { applications } = sim.vke.cluster(vkeClusterId);
  const ray = sim.vke.application(vkeClusterId, "Ray");
  applications.clear();
  for (let index = 0; index < count; index++)
    applications.set(`App${index}`, { ...ray, name: `App${index}`, components: new Map(), configs: [] });
  applications.set("Ray", ray);
}

const addInstances = ({ sim }: Stand, count: number) => {
  for (let index = 0; index < count; index++)
    sim.vke.addInstance(vkeClusterId, "Ray", "RayCluster", `r${index}`);
};

describe("a list is read to its end", () => {
  const counts: [string, Settings][] = [
    ["counts itself in a text", { totalCount: "text" }],
    ["does not count itself", { totalCount: "absent" }],
    ["does not count itself, and gives tokens", { totalCount: "absent", nextToken: "text" }],
    ["takes no MaxResults, and does not count itself", { maxResults: "refused", totalCount: "absent" }],
    ["ignores MaxResults, and does not count itself", { maxResults: "ignored", totalCount: "absent" }],
  ];
  test("wherever its end can be known", async () => {
    const { stand, deploy, instance } = await withApplication();
    const usual = structuredClone(stand.sim.settings.volcengine);
    addApplications(stand, 12);
    addInstances(stand, 130);
    const inputs = { components: ["RayCluster"], releaseName: "r129" };
    await deploy({ ...inputs, ...one });
    let count = 0;
    for (const [name, settings] of counts) {
      set(stand, { ...usual, ...settings });
      count += 1;
      expect((await deploy({ ...inputs, restartTriggers: { image: name } })).error, name).toBeUndefined();
      expect([instance("RayCluster", "r129").starts, instance("RayCluster", "r128").starts], name).toEqual([
        count,
        0,
      ]);
      expect(stepsOf(await stand.stack.refresh()), name).toEqual([]);
    }
  });

  test("with one question, where a page holds it", async () => {
    const { stand, deploy } = await withApplication();
    set(stand, { totalCount: "absent" });
    addApplications(stand, 40);
    await deploy(one);
    const asked = stand.sim.journal.filter(({ action }) => action === "ListApplications");
    expect(new Set(asked.map(({ request }) => JSON.stringify(request)))).toEqual(
      new Set([JSON.stringify({ ClusterId: vkeClusterId, MaxResults: 100 })]),
    );
  });
});

describe("a list that is shorter than its own count proves nothing", () => {
  test("of applications: the work stops, and nothing is taken out of state", async () => {
    const { stand, deploy, actions } = await withApplication();
    await deploy(one);
    addApplications(stand, 12);
    set(stand, { listsEndAfter: 5 });
    const both = /ListApplications counts 13 applications .*, but shows only 5/;
    expect((await deploy(two)).error).toMatch(both);
    expect((await stand.stack.refresh()).error).toMatch(both);
    expect(await stateOf(stand, "application")).toMatchObject(one);
    expect(actions()).toEqual([]);
  });

  test("of instances: they count as unseen", async () => {
    const { stand, deploy } = await withApplication();
    const inputs = { components: ["RayCluster"], releaseName: "r5" };
    addInstances(stand, 6);
    await deploy({ ...inputs, ...one });
    set(stand, { listsEndAfter: 3 });
    const refresh = await stand.stack.refresh();
    expect(told(refresh)).toMatch(/ListComponentInstances counts 10 instances .*, but shows only 3/);
    expect(await stateOf(stand, "application")).toMatchObject({ driftVisible: false, runState: "running" });
  });

  test("of operations: a restart whose answer is lost stays in doubt", async () => {
    const { stand, deploy, actions } = await withApplication();
    set(stand, { startTimeShown: false });
    await deploy(one);
    const operator = { application: "Ray", component: "RayHistoryServer" };
    for (let index = 0; index < 6; index++) {
      stand.sim.vke.actInConsole(vkeClusterId, "restart", operator);
      stand.sim.clock.advance(60_000);
    }
    // Newest first, as it happens: the cut takes the older ones.
    set(stand, { listsEndAfter: 5 });
    stand.sim.faults.add({ kind: "dropRequest", action: "RunApplicationAction" });
    const doubt = await deploy(two);
    expect(doubt.error).toMatch(
      /not sent again on a guess; ListOperations counts 6 operations .*, but shows only 5/,
    );
    expect(actions()).toEqual([]);
  });

  test("of configuration: it is said, and nothing is taken for changed", async () => {
    const { stand, deploy, actions } = await withApplication();
    const applicationConfigs = [{ file: "ray-operator-values.yaml", key: "mode", value: "a" }];
    await deploy({ applicationConfigs });
    for (let index = 0; index < 6; index++)
      stand.sim.vke.setConfig(vkeClusterId, "Ray", { file: "f", key: `k${index}`, value: "v" });
    set(stand, { listsEndAfter: 4 });
    const refresh = await stand.stack.refresh();
    expect(told(refresh)).toMatch(/ListConfigs counts 7 items .*, but shows only 4/);
    expect(stepsOf(await deploy({ applicationConfigs }))).toEqual([]);
    expect(actions()).toEqual(["restart"]);
  });
});

describe("lists that lag by minutes", () => {
  /** In the stand-in cloud's own time. */
  const late = ({ sim }: Stand, minutes: number) => (minutes * 60_000) / sim.settings.timeScale;

  test("a restart whose answer is lost is sent once", async () => {
    const { stand, deploy, actions, instance } = await withApplication();
    await deploy(one);
    let count = 0;
    for (const minutes of [5, 8]) {
      for (const startTimeShown of [true, false]) {
        const where = `${minutes} minutes late, starts ${startTimeShown ? "late too" : "not shown"}`;
        const lag = late(stand, minutes);
        set(stand, { startTimeShown, startTimeLag: lag, operationListLag: lag });
        stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
        count += 1;
        expect((await deploy({ restartTriggers: { image: where } })).error, where).toBeUndefined();
        expect([actions().length, instance().starts], where).toEqual([count, count]);
        stand.sim.clock.advance(1_200_000);
      }
    }
  });

  test.each([5, 8])("nor is a stop, with %i minutes", async (minutes) => {
    const { stand, deploy, actions } = await withApplication();
    set(stand, {
      operationListLag: late(stand, minutes),
      durations: { accept: late(stand, minutes), run: 40_000 },
    });
    await deploy(one);
    stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    expect((await deploy({ ...one, state: "stopped" })).error).toBeUndefined();
    expect(actions()).toEqual(["stop"]);
  });

  test("what never arrived is sent after that time", async () => {
    const { stand, deploy, actions } = await withApplication();
    await deploy(one);
    stand.sim.faults.add({ kind: "dropRequest", action: "RunApplicationAction" });
    const begun = stand.sim.clock.now();
    expect((await deploy(two)).error).toBeUndefined();
    expect(actions()).toEqual(["restart"]);
    expect(stand.sim.clock.now() - begun).toBeGreaterThan(600_000);
  });

  test("a list that has never shown an operation proves nothing where nothing else is seen", async () => {
    const { stand, deploy, actions } = await withApplication();
    set(stand, { startTimeShown: false, operationListLag: late(stand, 60_000) });
    await deploy(one);
    stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
    for (let run = 0; run < 2; run++) expect((await deploy(two)).error).toMatch(/not sent again on a guess/);
    expect(actions()).toEqual(["restart"]);
  });

  test.each([
    ["the component is not up yet", { settleLag: 100 }],
    ["its start shows late", { startTimeLag: 8 }],
    ["its start shows late, and time is short", { startTimeLag: 8 }, { timeouts: { update: "3m" } }],
  ] as [string, Record<string, number>, object?][])(
    "an end whose word is not known is no reason to restart again where %s",
    async (_name, minutes, more = {}) => {
      const { stand, deploy, actions, instance } = await withApplication();
      await deploy({ ...one, ...more });
      const settings = Object.entries(minutes).map(([name, count]) => [name, late(stand, count)]);
      set(stand, Object.fromEntries(settings));
      stand.sim.settings.volcengine.operationWords.SUCCESS = "DONE";
      await deploy({ ...two, ...more });
      stand.sim.clock.advance(6_000_000);
      expect((await deploy({ ...two, ...more })).error).toBeUndefined();
      expect([actions(), instance().starts]).toEqual([["restart"], 1]);
    },
  );
});

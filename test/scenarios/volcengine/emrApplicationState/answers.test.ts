// What an operation's record may look like: types that no document gives must not keep an accepted action from its end.
import { expect, test } from "vitest";
import type { VolcengineSettings } from "../../../../simulator/index";
import { stateOf, stepsOf } from "../../stand";
import { withApplication } from "../../subjects";

const shows = (...operationShows: [string, unknown][]) => ({ operationShows });
const times = (value: unknown) =>
  shows(
    ...["CreateTime", "UpdateTime", "StartTime", "EndTime"].map((name): [string, unknown] => [name, value]),
  );

const unknownWords = { operationWords: { SUCCESS: "DONE", RUNNING: "EXECUTING" } as never };

const inFields: [string, Partial<VolcengineSettings>][] = [
  ["times are ISO texts, and empty before", { timeUnit: "iso", unsetTime: "empty" }],
  ["times are the page's xxx", times("xxx")],
  ["times are objects", times({ seconds: 1 })],
  ["the content is an object", shows(["Content", { ActionName: "restart" }])],
  ["the content and the reason are numbers", shows(["Content", 0], ["StateChangeReason", 0])],
  ["it comes in a list, and ids are numbers", { operationShape: "items", operationIds: "number" }],
];
const inWords: typeof inFields = [
  ["its words are numbers", shows(["OperationState", 3], ["EndTime", 1])],
  ["its words are not known", unknownWords],
  ["its words are not known, and times are 0 before", { ...unknownWords, unsetTime: "zero" }],
  [
    "its words are not known, and times are empty before",
    { ...unknownWords, timeUnit: "iso", unsetTime: "empty" },
  ],
  ["its words are not known, and times are never told", { ...unknownWords, ...times(null) }],
];

test.each([
  { where: "fields", several: inFields },
  { where: "words", several: inWords },
])(
  "a restart that was accepted comes to its end whatever its operation's $where are",
  async ({ several }) => {
    const { stand, deploy, actions, instance } = await withApplication();
    const { volcengine } = stand.sim.settings;
    const usual = structuredClone(volcengine);
    await deploy({ restartTriggers: { image: "0" } });
    let count = 0;
    for (const [name, { operationWords, ...settings }] of several) {
      Object.assign(volcengine, structuredClone(usual), settings);
      Object.assign(volcengine.operationWords, operationWords);
      count += 1;
      const up = await deploy({ restartTriggers: { image: `${count}` } });
      expect(up.error, name).toBeUndefined();
      expect([actions().length, instance().starts], name).toEqual([count, count]);
      expect(await stateOf(stand, "application"), name).not.toHaveProperty("pendingAction");
    }
    expect(stepsOf(await stand.stack.up())).toEqual([]);
  },
);

test("an end that is told by nothing but a word that is not known can be left", async () => {
  const { stand, deploy, actions } = await withApplication();
  const { volcengine } = stand.sim.settings;
  volcengine.deniedActions = ["ListComponentInstances", "ListOperations"];
  await deploy({ restartTriggers: { image: "1" } });
  const before = actions().length;
  Object.assign(volcengine, times(""));
  volcengine.operationWords.SUCCESS = "DONE";
  const two = { restartTriggers: { image: "2" } };
  for (let run = 0; run < 2; run++)
    expect((await deploy(two)).error).toMatch(/waiting for operation .*last seen DONE/);
  expect(actions().slice(before)).toEqual(["restart"]);
  expect((await deploy({ restartTriggers: { image: "1" } })).error).toBeUndefined();
  expect(actions().slice(before)).toEqual(["restart"]);
  expect(await stateOf(stand, "application")).not.toHaveProperty("pendingAction");
});

test("a failure is told with its reason, whatever form that has", async () => {
  const { stand, deploy } = await withApplication();
  await deploy({ restartTriggers: { image: "1" } });
  Object.assign(stand.sim.settings.volcengine, { timeUnit: "iso", reasonShape: "object" });
  stand.sim.faults.add({ kind: "operationFails", reason: "image cannot be pulled" });
  const failed = await deploy({ restartTriggers: { image: "2" } });
  expect(failed.error).toMatch(
    /ended FAILED \(.*image cannot be pulled.*\), operation op-\S+, RequestId \d{14}/,
  );
});

test.each<[string, Partial<VolcengineSettings>]>([
  ["a text", {}],
  [
    "an object",
    shows([
      "Content",
      {
        ActionName: "restart",
        ActionParams: [],
        Components: [{ ApplicationName: "Ray", ComponentNames: ["RayOperator"] }],
      },
    ]),
  ],
])("a lost answer's operation is known by its content, which is %s", async (_name, settings) => {
  const { stand, deploy, actions } = await withApplication();
  await deploy({ restartTriggers: { image: "1" } });
  Object.assign(stand.sim.settings.volcengine, { startTimeShown: false, timeUnit: "iso", ...settings });
  stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
  expect((await deploy({ restartTriggers: { image: "2" } })).error).toBeUndefined();
  expect(actions()).toEqual(["restart"]);
});

test("a content that tells nothing is no proof that an action never arrived", async () => {
  const { stand, deploy, actions } = await withApplication();
  await deploy({ restartTriggers: { image: "1" } });
  Object.assign(stand.sim.settings.volcengine, { startTimeShown: false, ...shows(["Content", "xxx"]) });
  stand.sim.faults.add({ kind: "dropAnswer", action: "RunApplicationAction" });
  for (let run = 0; run < 2; run++)
    expect((await deploy({ restartTriggers: { image: "2" } })).error).toMatch(/not sent again on a guess/);
  expect(actions()).toEqual(["restart"]);
});

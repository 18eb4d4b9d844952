// What became of a call on a DLC engine: each row is what is seen, and for how long nothing has moved.
import { describe, expect, test } from "vitest";
import {
  type EngineSeen,
  judgeChange,
  judgeEarlier,
  judgeToggle,
  type Toggle,
  type VersionChange,
} from "../../../provider/tencent/dlc/engineImage/evidence";
import { failureOf, lookAt } from "../looks";

const [settled, unseen, suspended, lag] = [60_000, 120_000, 600_000, 600_000];
const busy = undefined;
const lost = { doubt: failureOf() };

const states = { failed: -1, initialising: 0, suspended: 1, running: 2, deleting: 3 };
type State = keyof typeof states;

const engineIn = (state: State, version: string, child = "old.1"): EngineSeen => ({
  engine: {
    state: states[state],
    imageVersionId: version,
    imageVersionName: `${version} name`,
    childImageVersionId: child,
    message: "told",
  },
});

const change: VersionChange = {
  ...{ action: "SwitchDataEngineImage", sentAt: 0, name: "engine", before: "old", childBefore: "old.1" },
  ...{ imageVersionId: "new", imageVersion: "new name" },
};

describe("a switch from old to new", () => {
  test.each<[State, string, number | undefined, { hasWorked?: boolean; doubt?: typeof lost.doubt }, string]>([
    // State, version, at rest for, and besides: whether it was seen at work, or no answer is known.
    ["initialising", "old", busy, {}, "open"],
    ["initialising", "new", busy, { hasWorked: true }, "open"],
    ["deleting", "new", busy, {}, "open"],
    ["failed", "old", busy, {}, "failed"],
    ["failed", "new", busy, lost, "failed"],
    ["running", "new", 0, {}, "over"],
    ["running", "new", 0, lost, "over"],
    ["running", "new", 0, { hasWorked: true }, "over"],
    // One that suspends itself when idle may do so before it is looked at.
    ["suspended", "new", 0, {}, "over"],
    ["suspended", "old", suspended - 1, {}, "open"],
    ["suspended", "old", suspended, {}, "failed"],
    ["suspended", "old", settled, { hasWorked: true }, "open"],
    ["suspended", "old", unseen - 1, lost, "open"],
    ["suspended", "old", unseen, lost, "lost"],
    // Accepted, and not begun: it is waited for, and never sent again.
    ["running", "old", 0, {}, "open"],
    ["running", "old", unseen, {}, "open"],
    ["running", "old", lag, {}, "open"],
    ["running", "old", unseen - 1, lost, "open"],
    ["running", "old", unseen, lost, "lost"],
    // The state can be a moment ahead of the version.
    ["running", "old", settled - 1, { hasWorked: true }, "open"],
    ["running", "old", settled, { hasWorked: true }, "failed"],
    ["running", "old", settled, { ...lost, hasWorked: true }, "failed"],
    ["running", "another", settled, { hasWorked: true }, "failed"],
  ])("%s with %s, at rest for %s, %o: %s", (state, version, rested, more, verdict) => {
    const { hasWorked = false, doubt } = more;
    const look = lookAt(engineIn(state, version), { hasWorked }, { rested, doubt });
    const result = judgeChange(change, look);
    expect(result.is).toBe(verdict);
    if ("came" in result) expect(result.came).toBe(verdict === "over");
  });

  test.each<[State, number | undefined, RegExp]>([
    ["failed", busy, /^SwitchDataEngineImage on engine failed: .*\(told; RequestId request-1\)/],
    ["suspended", suspended, /still has old name \(RequestId request-1\)/],
    ["running", settled, /runs again with old name \(RequestId request-1; told\)/],
  ])("%s is told: %s, %s", (state, rested, why) => {
    const look = lookAt(engineIn(state, "old"), { hasWorked: true }, { rested });
    expect(judgeChange(change, look)).toMatchObject({ why: expect.stringMatching(why) });
  });

  test("tells how it gets on", () => {
    const look = lookAt(engineIn("running", "old"), { hasWorked: false });
    expect(judgeChange(change, look)).toMatchObject({ progress: "engine running, version old name" });
  });
});

describe("an upgrade to the newest minor version", () => {
  const { imageVersionId: _, imageVersion: __, ...upgrade } = change;
  test.each<[string, string | undefined, number | undefined, object, string]>([
    // Minor version before, and now.
    ["old.1", "old.2", busy, {}, "open"],
    ["old.1", "old.2", 0, {}, "over"],
    ["old.1", "old.1", settled, {}, "open"],
    ["old.1", "old.1", unseen, lost, "lost"],
    ["", "old.1", 0, {}, "over"],
    // Where none is told, none has come.
    ["", undefined, settled, {}, "open"],
  ])("from %j to %j, at rest for %s, %o: %s", (childBefore, child, rested, more, verdict) => {
    const seen = engineIn(rested === undefined ? "initialising" : "running", "old");
    seen.engine.childImageVersionId = child;
    const look = lookAt(seen, { hasWorked: false }, { rested, ...more });
    expect(judgeChange({ ...upgrade, childBefore }, look).is).toBe(verdict);
  });
});

test.each<[Toggle["operate"], State, number | undefined, string]>([
  ["resume", "running", 0, "over"],
  ["resume", "suspended", unseen - 1, "open"],
  ["resume", "suspended", unseen, "lost"],
  ["resume", "initialising", busy, "open"],
  ["resume", "failed", 0, "failed"],
  ["resume", "deleting", unseen, "lost"],
  ["suspend", "suspended", 0, "over"],
  ["suspend", "running", unseen - 1, "open"],
  ["suspend", "running", unseen, "lost"],
  ["suspend", "initialising", busy, "open"],
  ["suspend", "failed", 0, "failed"],
])("a call to %s: %s, at rest for %s: %s, with an answer and without", (operate, state, rested, verdict) => {
  for (const more of [{}, lost]) {
    const look = lookAt(engineIn(state, "old"), undefined, { rested, ...more });
    const result = judgeToggle({ operate, name: "engine", sentAt: 0 }, look);
    expect(result.is).toBe(verdict);
    if ("came" in result) expect(result.came).toBe(verdict === "over");
    if (result.is === "failed") expect(result.why).toMatch(/^Engine engine has failed \(told\)/);
  }
});

describe("what an earlier run has sent", () => {
  test.each<[State, string, number, string, boolean?]>([
    ["initialising", "new", lag, "open"],
    ["running", "new", 0, "over", true],
    ["suspended", "new", 0, "over", true],
    ["running", "old", lag - 1, "open"],
    ["running", "old", lag, "over", false],
    ["suspended", "old", lag, "over", false],
    ["failed", "old", lag - 1, "open"],
    ["failed", "old", lag, "over", false],
  ])("a switch: %s with %s, sent %s ms ago: %s", (state, version, age, verdict, came) => {
    const look = lookAt(engineIn(state, version), undefined, { age, attempt: 0 });
    const result = judgeEarlier({ imageVersionId: "new" }, look);
    expect(result.is).toBe(verdict);
    if ("came" in result) expect(result.came).toBe(came);
  });

  test.each<[State, number, string, boolean?]>([
    ["initialising", lag, "open"],
    ["running", 0, "over", true],
    ["failed", 0, "over", true],
    ["suspended", lag - 1, "open"],
    ["suspended", lag, "over", false],
  ])("a resumption: %s, sent %s ms ago: %s", (state, age, verdict, came) => {
    const result = judgeEarlier({}, lookAt(engineIn(state, "old"), undefined, { age, attempt: 0 }));
    expect(result.is).toBe(verdict);
    if ("came" in result) expect(result.came).toBe(came);
  });
});

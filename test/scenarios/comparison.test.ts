// What the comparison of `up`s with their plans notices, and what it excuses.
import { describe, expect, test } from "vitest";
import type { Change } from "../../cli/change";
import type { Summary } from "../../cli/summary";
import { ownerTag, poolTag, specTag } from "../../provider/tencent/emr/nodePool/schema";
import { type Clouds, compare, type Happened } from "./comparison";

const clouds = [{ emr: { clusters: () => [] } }] as unknown as Clouds;
const marks = [poolTag, specTag, ownerTag].map((TagKey) => ({ TagKey, TagValue: "x" }));

const call = (action: string, request: object) => ({
  kind: "call",
  action,
  request,
  target: "",
  summary: "",
});

function pool(cluster: string, isOpen = false): Change {
  const calls = [
    call("TerminateTasks", { instanceId: cluster, resourceIds: ["emr-vm-1"] }),
    call("ScaleOutInstance", { instanceId: cluster, taskCount: 2 }),
  ];
  const inputs = { tags: [{ tagKey: "team", tagValue: "a" }] };
  const plan = { steps: calls, warnings: [], blocked: [] };
  return {
    type: "tencent:EmrNodePool",
    urn: cluster,
    name: cluster,
    cluster,
    isOpen,
    plan,
    calls,
    inputs,
  } as never;
}

const removal = (InstanceId: string, id = "emr-vm-1") => ({
  action: "TerminateTasks",
  acted: true,
  request: { InstanceId, ResourceIds: [id] },
});
const purchase = (InstanceId: string, tag: object = { TagKey: "team", TagValue: "a" }) => ({
  action: "ScaleOutInstance",
  acted: true,
  request: { InstanceId, TaskCount: 2, ClientToken: "t", Tags: [...marks, tag] },
});

const compared = (changes: Change[], calls: object[], more: Partial<Happened> = {}) =>
  compare({ changes } as Summary, {
    clouds,
    calls: calls as never,
    result: { steps: [] } as never,
    exemption: undefined,
    mishaps: [],
    ...more,
  });

test("what was announced is counted", () => {
  const calls = [removal("emr-1"), purchase("emr-1")];
  expect(compared([pool("emr-1")], calls)).toEqual({ calls: 2, changes: 1, excused: [] });
});

describe("noticed is", () => {
  test.each([
    ["another order", [purchase("emr-1"), removal("emr-1")], "Out of its order"],
    [
      "another value of a tag",
      [removal("emr-1"), purchase("emr-1", { TagKey: "team", TagValue: "b" })],
      "Not announced",
    ],
    [
      "another tag",
      [removal("emr-1"), purchase("emr-1", { TagKey: "cost", TagValue: "a" })],
      "Not announced",
    ],
    ["another node", [removal("emr-1", "emr-vm-2"), purchase("emr-1")], "Not announced"],
    ["a second time", [removal("emr-1"), removal("emr-1"), purchase("emr-1")], "Not announced"],
    ["nothing", [removal("emr-1")], "Did not happen"],
  ])("%s", (_name, calls, what) => {
    expect(() => compared([pool("emr-1")], calls)).toThrow(what);
    // Another change that is open excuses none of it.
    expect(() => compared([pool("emr-1"), pool("emr-2", true)], calls)).toThrow(what);
    expect(() => compared([pool("emr-1")], calls, { mishaps: ["EnlargeInstance"] })).toThrow(what);
  });
});

describe("excused is", () => {
  const [again, beyond] = [removal("emr-1"), removal("emr-1", "emr-vm-2")];
  const calls = [removal("emr-1"), purchase("emr-1")];

  test("what was announced, a second time, where something befalls it", () => {
    const mishaps = ["TerminateTasks"];
    expect(compared([pool("emr-1")], [again, ...calls], { mishaps }).excused).toEqual(["misfortune"]);
    expect(() => compared([pool("emr-1")], [beyond, ...calls], { mishaps })).toThrow("Not announced");
  });

  test("anything about what is open", () => {
    expect(compared([pool("emr-1", true)], [beyond]).excused).toEqual(["open"]);
    expect(() => compared([pool("emr-1", true)], [removal("emr-2")])).toThrow("Not announced");
  });

  test("what is left undone by a change that failed", () => {
    const step = { urn: "emr-1", failed: true };
    expect(compared([pool("emr-1")], [], { result: { error: "no", steps: [step] } as never }).calls).toBe(0);
    const done = { error: "no", steps: [{ urn: "emr-1" }] } as never;
    expect(() => compared([pool("emr-1")], [], { result: done })).toThrow("Did not happen");
  });
});

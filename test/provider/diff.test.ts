// What makes a difference in an input, and what of it replaces what exists.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { compare, isSameInput } from "../../provider/diff";
import { input, inputObject, part } from "../../provider/fields";
import { specHash } from "../../provider/tencent/emrNodePoolBirth";
import { type NodePoolInputs, nodePoolInputs } from "../../provider/tencent/emrNodePoolSchema";
import { nodePurchase } from "../../provider/tencent/emrPurchase";
import { applicationStateInputs } from "../../provider/volcengine/emrApplicationStateSchema";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const script = z.strictObject({
  uri: z.string(),
  order: part({ implied: "newest" }, z.string().optional()),
  remark: part({ change: "later" }, z.string().optional()),
});
/** The same names, of which nothing is said. */
const plain = z.strictObject({ order: z.string(), remark: z.string(), config: z.string() }).partial();

const caseless = (text: string) => text.toLowerCase();

const inputs = inputObject({
  region: input({ change: "replaces", found: true }, z.string().optional()),
  scripts: input({ change: "replaces" }, z.array(script).optional()),
  plain: input({ change: "replaces" }, plain.optional()),
  list: input({ change: "inPlace" }, z.array(z.string()).optional()),
  set: input({ change: "inPlace", set: true }, z.array(plain).optional()),
  names: input({ change: "inPlace", set: true }, z.array(part({ means: caseless }, z.string())).optional()),
  record: input({ change: "inPlace" }, z.record(z.string(), z.string()).optional()),
  renew: input({ change: "later", implied: false }, z.boolean().optional()),
  unit: input({ change: "later", means: () => undefined }, z.string().optional()),
  size: input({ change: "inPlace" }, z.int().default(1)),
});

type Name = keyof typeof inputs.shape;

test.each<[Name, unknown, unknown]>([
  ["scripts", [], undefined],
  ["scripts", [{ uri: "a", order: "newest" }], [{ uri: "a" }]],
  ["plain", {}, undefined],
  ["list", [], undefined],
  ["set", [{ order: "1", remark: "x" }, { order: "2" }], [{ order: "2" }, { remark: "x", order: "1" }]],
  ["names", ["A", "b"], ["B", "a"]],
  ["record", {}, undefined],
  ["renew", false, undefined],
  ["unit", "s", "m"],
])("%s: %j and %j mean the same", (name, a, b) => {
  expect(isSameInput(inputs, name, a, b)).toBe(true);
  expect(isSameInput(inputs, name, b, a)).toBe(true);
});

test.each<[Name, unknown, unknown]>([
  ["scripts", [{ uri: "a" }, { uri: "b" }], [{ uri: "b" }, { uri: "a" }]],
  ["scripts", [{ uri: "a", remark: "x" }], [{ uri: "a" }]],
  // A field of another struct that happens to have the name of one that is said to make no difference.
  ["plain", { order: "newest" }, undefined],
  ["plain", { remark: "x" }, { remark: "y" }],
  ["plain", { config: "x" }, undefined],
  ["list", ["a", "b"], ["b", "a"]],
  ["list", ["a"], ["A"]],
  ["set", [{ order: "1" }], [{ order: "1" }, { order: "1" }]],
  ["record", { a: "1" }, { a: "2" }],
  ["renew", true, undefined],
])("%s: %j and %j do not", (name, a, b) => {
  expect(isSameInput(inputs, name, a, b)).toBe(false);
  expect(isSameInput(inputs, name, b, a)).toBe(false);
});

describe("a comparison", () => {
  const olds = { region: "a", size: 1, scripts: [{ uri: "a", remark: "x" }] };
  const found = (news: object) =>
    compare<object, object>({ inputs }, olds, news).map(({ property, kind, replace }) => [
      property,
      kind,
      replace,
    ]);

  test.each<[string, object, unknown[]]>([
    ["nothing", olds, []],
    ["a value that is found is left open, and a default left out", { scripts: olds.scripts }, []],
    ["a value that is found is given", { ...olds, region: "b" }, [["region", "update", true]]],
    ["what replaces", { ...olds, scripts: [{ uri: "b" }] }, [["scripts", "update", true]]],
    [
      "only what is for later in what replaces",
      { ...olds, scripts: [{ uri: "a" }] },
      [["scripts", "update", false]],
    ],
    ["what replaces goes", { region: "a" }, [["scripts", "delete", true]]],
    ["what replaces comes", { ...olds, plain: { order: "newest" } }, [["plain", "add", true]]],
    ["what replaces is unknown", { ...olds, plain: unknown }, [["plain", "add", true]]],
    ["part of it is unknown", { ...olds, scripts: [{ uri: unknown }] }, [["scripts", "update", true]]],
    [
      "what changes in place",
      { ...olds, size: 2, list: ["a"] },
      [
        ["list", "add", false],
        ["size", "update", false],
      ],
    ],
    ["what is for later", { ...olds, renew: true }, [["renew", "add", false]]],
  ])("%s", (_name, news, differences) => {
    expect(found(news)).toEqual(differences);
  });

  test("state may hold an input elsewhere, and excuse a difference", () => {
    const seen = compare<object, object>(
      {
        inputs,
        recorded: (property) => (property === "size" ? 3 : olds[property as keyof typeof olds]),
        isExcused: (property, before) => property === "plain" && before === undefined,
      },
      olds,
      { ...olds, plain: { order: "1" } },
    );
    expect(seen).toEqual([{ property: "size", kind: "update", replace: false, before: 3, after: 1 }]);
  });
});

test.each<[keyof NodePoolInputs, unknown, unknown]>([
  ["timeUnit", "s", undefined],
  ["timeSpan", 3600, undefined],
  ["autoRenew", false, undefined],
  ["startServiceAfterScaleOut", false, undefined],
  ["hardwareResourceType", "HOST", undefined],
  ["softDeployInfo", [1, 2], [2, 1]],
  ["adopt", ["ins-1", "ins-2"], ["ins-2", "ins-1"]],
  ["tags", [], undefined],
  ["scaleIn", { order: "newest", allowCoreScaleIn: false }, undefined],
  ["scaleOutServiceConfAssign", '{"b": 1, "a": -1}', '{"a":-1,"b":1}'],
])("a pool's %s: %j and %j mean the same", (name, a, b) => {
  expect(isSameInput(nodePoolInputs, name, a, b)).toBe(true);
});

test("a configuration of nodes that is no object is what it is", () => {
  const same = (a: string, b: string) => isSameInput(nodePoolInputs, "scaleOutServiceConfAssign", a, b);
  expect(same("[1]", "[ 1]")).toBe(false);
  expect(same('{"a":1}', '{"a":2}')).toBe(false);
});

test("the names of an application and of its components have no case", () => {
  expect(isSameInput(applicationStateInputs, "application", "Ray", "ray")).toBe(true);
  expect(isSameInput(applicationStateInputs, "components", ["A", "b"], ["B", "a"])).toBe(true);
  expect(isSameInput(applicationStateInputs, "releaseName", "A", "a")).toBe(false);
});

describe("the fingerprint of what nodes are born with", () => {
  // It is in the tags of nodes that version 0.1.0 has bought.
  const born = {
    payMode: 1,
    unnecessaryNodeList: [10, 2],
    softDeployInfo: [3, 1],
    serviceNodeInfo: [7],
    preExecutedFileSettings: [
      {
        cosFileUri: "u",
        args: ["a"],
        runOrder: 1,
        whenRun: "resourceAfter",
        remark: "r",
        cosSecretId: "i",
        cosSecretKey: "k",
      },
    ],
    disasterRecoverGroupIds: ["g"],
    hardwareResourceType: "POD",
    podSpec: {
      resourceProviderIdentifier: "cls-1",
      resourceProviderType: "tke",
      nodeType: "TASK",
      cpu: 4,
      memory: 16,
      cpuType: "intel",
      podVolumes: [{ volumeType: "pvc", pvcVolume: { diskSize: 1 } }],
    },
    podParameter: { clusterId: "cls-1", config: "c", parameter: "p" },
    clickHouseClusterName: "ch",
    yarnNodeLabel: "gpu",
    zoneId: 100003,
    subnetId: "subnet-1",
    scaleOutServiceConfAssign: '{"b":1,"a":-1}',
  };

  test("is that of 0.1.0", () => {
    expect(specHash(born as unknown as NodePoolInputs)).toBe("d6d806a706f4");
    expect(specHash({ payMode: 0 } as NodePoolInputs)).toBe("f6c6d9cc833b");
  });

  test("is of exactly what replaces in a purchase", () => {
    const other = (name: string) => specHash({ ...born, [name]: "other" } as unknown as NodePoolInputs);
    const own = specHash(born as unknown as NodePoolInputs);
    const counted = Object.keys(nodePoolInputs.shape).filter((name) => other(name) !== own);
    expect(counted).toEqual(Object.keys(born));
    expect(Object.keys(nodePurchase.shape)).toEqual(expect.arrayContaining(counted));
  });
});

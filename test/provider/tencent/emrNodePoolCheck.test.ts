import { describe, expect, test } from "vitest";
import { emrNodePool } from "../../../provider/tencent/emr/nodePool/resource";

const valid = { clusterId: "emr-5n3l5c83", role: "task", count: 2, poolId: "p/s/workers" };
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const podSpec = {
  resourceProviderIdentifier: "cls-a1cd23fa",
  resourceProviderType: "tke",
  nodeType: "TASK",
  cpu: 4,
  memory: 16,
};

/** One broken parameter rule each: what is given besides the valid inputs, the property blamed, and why. */
const broken: [string, Record<string, unknown>, string, RegExp][] = [
  ["clusterId is needed", { clusterId: undefined }, "clusterId", /^is required$/],
  [
    "clusterId is that of a cluster",
    { clusterId: "ins-1" },
    "clusterId",
    /id of an EMR cluster, such as emr-.*got "ins-1"/,
  ],
  [
    "role is one that scale-out accepts",
    { role: "common" },
    "role",
    /"task", "core", "router" or "master", got "common"/,
  ],
  ["count is needed", { count: undefined }, "count", /^is required$/],
  ["count is a number", { count: "3" }, "count", /a number, got the string "3"/],
  ["count is whole", { count: 1.5 }, "count", /a whole number, got 1.5/],
  ["count is not negative", { count: -1 }, "count", /at least 0, got -1/],
  ["payMode is 0 or 1", { payMode: 2 }, "payMode", /0 or 1, got 2/],
  ["hourly goes with s", { payMode: 0, timeUnit: "m" }, "timeUnit", /"s" when payMode is 0/],
  ["monthly goes with m", { payMode: 1, timeUnit: "s", timeSpan: 1 }, "timeUnit", /"m" when payMode is 1/],
  ["hourly has a span of 3600", { timeSpan: 1 }, "timeSpan", /3600/],
  ["monthly needs the number of months", { payMode: 1 }, "timeSpan", /is required when payMode is 1/],
  ["monthly is at most 60 months", { payMode: 1, timeSpan: 3600 }, "timeSpan", /months, at most 60/],
  ["timeSpan is positive", { timeSpan: 0 }, "timeSpan", /at least 1, got 0/],
  ["hourly renews nothing", { autoRenew: true }, "autoRenew", /only for payMode 1/],
  [
    "unnecessaryNodeList excludes softDeployInfo",
    { unnecessaryNodeList: [7], softDeployInfo: [2] },
    "unnecessaryNodeList",
    /excludes/,
  ],
  [
    "unnecessaryNodeList excludes serviceNodeInfo",
    { unnecessaryNodeList: [7], serviceNodeInfo: [7] },
    "unnecessaryNodeList",
    /excludes/,
  ],
  ["process numbers are numbers", { serviceNodeInfo: ["NodeManager"] }, "serviceNodeInfo[0]", /a number/],
  [
    "one placement group at most",
    { disasterRecoverGroupIds: ["a", "b"] },
    "disasterRecoverGroupIds",
    /at most 1 element/,
  ],
  ["tags have keys", { tags: [{ tagValue: "x" }] }, "tags[0].tagKey", /required/],
  [
    "tag keys are not empty",
    { tags: [{ tagKey: "", tagValue: "x" }] },
    "tags[0].tagKey",
    /at least 1 characters/,
  ],
  [
    "tag keys are unique",
    {
      tags: [
        { tagKey: "a", tagValue: "1" },
        { tagKey: "a", tagValue: "2" },
      ],
    },
    "tags[1].tagKey",
    /names the key a twice/,
  ],
  [
    "the pool's own tag is its own",
    { tags: [{ tagKey: "pulumi-bigdata-pool", tagValue: "x" }] },
    "tags[0].tagKey",
    /pulumi-bigdata-pool/,
  ],
  [
    "hardware is HOST or POD",
    { hardwareResourceType: "vm" },
    "hardwareResourceType",
    /"HOST" or "POD", got "VM"/,
  ],
  [
    "pods need podSpec",
    { hardwareResourceType: "POD" },
    "podSpec",
    /is required when hardwareResourceType is POD/,
  ],
  ["podSpec is for pods", { podSpec }, "podSpec", /only for hardwareResourceType POD/],
  [
    "podParameter is for pods",
    { podParameter: { clusterId: "cls-1", config: "{}", parameter: "{}" } },
    "podParameter",
    /only for hardwareResourceType POD/,
  ],
  [
    "pods are for tasks",
    { role: "core", hardwareResourceType: "POD", podSpec },
    "hardwareResourceType",
    /only for the role task, not core/,
  ],
  [
    "pod cores are positive",
    { hardwareResourceType: "POD", podSpec: { ...podSpec, cpu: 0 } },
    "podSpec.cpu",
    /at least 1/,
  ],
  [
    "pods come from a TKE cluster",
    { hardwareResourceType: "POD", podSpec: { ...podSpec, resourceProviderType: "eks" } },
    "podSpec.resourceProviderType",
    /"tke"/,
  ],
  ["ClickHouse name needs type", { clickHouseClusterName: "g" }, "clickHouseClusterType", /both or neither/],
  [
    "ClickHouse type needs name",
    { clickHouseClusterType: "new" },
    "clickHouseClusterType",
    /both or neither/,
  ],
  [
    "ClickHouse type is new or old",
    { clickHouseClusterName: "g", clickHouseClusterType: "x" },
    "clickHouseClusterType",
    /"new" or "old"/,
  ],
  [
    "masters have no effect on ClickHouse",
    { role: "master", deletionPolicy: "leave", clickHouseClusterName: "g", clickHouseClusterType: "old" },
    "role",
    /ClickHouse/,
  ],
  ["masters cannot be removed", { role: "master" }, "deletionPolicy", /"leave" for the role master/],
  [
    "scripts say where they are",
    { preExecutedFileSettings: [{ args: ["a"] }] },
    "preExecutedFileSettings[0].cosFileUri",
    /required/,
  ],
  [
    "scripts run at a known moment",
    { preExecutedFileSettings: [{ cosFileUri: "u", whenRun: "never" }] },
    "preExecutedFileSettings[0].whenRun",
    /resourceAfter/,
  ],
  ["a YARN label is not empty", { yarnNodeLabel: "" }, "yarnNodeLabel", /at least 1 characters/],
  ["start is a boolean", { startServiceAfterScaleOut: "true" }, "startServiceAfterScaleOut", /a boolean/],
  ["zoneId is a number", { zoneId: "ap-guangzhou-1" }, "zoneId", /a number/],
  [
    "configuration groups are a JSON object",
    { scaleOutServiceConfAssign: "[1]" },
    "scaleOutServiceConfAssign",
    /JSON object/,
  ],
  [
    "grace is at least a minute",
    { scaleIn: { graceSeconds: 5 } },
    "scaleIn.graceSeconds",
    /at least 60, got 5/,
  ],
  [
    "grace is at most half an hour",
    { scaleIn: { graceSeconds: 3600 } },
    "scaleIn.graceSeconds",
    /at most 1800/,
  ],
  ["order is newest or oldest", { scaleIn: { order: "random" } }, "scaleIn.order", /"newest" or "oldest"/],
  ["adopted ids are node ids", { adopt: ["10.0.0.1"] }, "adopt[0]", /node id/],
  ["adopted ids are unique", { adopt: ["ins-a", "ins-a"] }, "adopt[1]", /twice/],
  ["timeouts are durations", { timeouts: { create: "1 hour" } }, "timeouts.create", /duration such as/],
  ["timeouts are not zero", { timeouts: { create: "0m" } }, "timeouts.create", /zero/],
  ["poolId fits a tag", { poolId: "a,b" }, "poolId", /letters, digits/],
  ["there is no such property", { taskcount: 3 }, "taskcount", /is not a property here/],
  ["a near miss is told", { timespan: 3600 }, "timespan", /did you mean timeSpan/],
];

describe("check of tencent.EmrNodePool", () => {
  test("accepts valid inputs and fills in defaults", () => {
    const { inputs, failures } = emrNodePool.check(valid, {});
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ ...valid, payMode: 0, deletionPolicy: "terminate" });
  });

  test.each(broken)("%s", (_name, given, property, reason) => {
    const { failures } = emrNodePool.check({ ...valid, ...given }, {});
    expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
  });

  test("reports every mistake at once", () => {
    const { failures } = emrNodePool.check(
      {
        role: "worker",
        count: -2,
        poolId: "p",
        payMode: 1,
        scaleIn: { graceSeconds: 1 },
        tags: [
          { tagKey: "a", tagValue: "" },
          { tagKey: "", tagValue: "" },
        ],
      },
      {},
    );
    expect(failures.map(({ property }) => property).sort()).toEqual([
      "clusterId",
      "count",
      "role",
      "scaleIn.graceSeconds",
      "tags[1].tagKey",
      "timeSpan",
    ]);
  });

  test.each([
    ["clusterId", { clusterId: unknown }],
    ["count", { count: unknown }],
    ["a tag's value", { tags: [{ tagKey: "team", tagValue: unknown }] }],
    ["a whole list", { tags: unknown }],
    ["half of a pair of rules", { payMode: 1, timeSpan: unknown }],
  ])("lets %s be unknown in a preview", (_name, given) => {
    const { inputs, failures } = emrNodePool.check({ ...valid, ...given }, {});
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject(given);
    expect(inputs.deletionPolicy).toBe("terminate");
  });

  test("still reports what is known to be wrong beside an unknown", () => {
    const { failures } = emrNodePool.check({ ...valid, clusterId: unknown, count: -1 }, {});
    expect(failures.map(({ property }) => property)).toEqual(["count"]);
  });

  test("takes the vendor's own spelling of hardware, and a proposed id where there is none", () => {
    const { poolId, ...rest } = valid;
    const given = { ...rest, defaultPoolId: "proposed", hardwareResourceType: "host" };
    expect(emrNodePool.check(given, {}).inputs).toMatchObject({
      poolId: "proposed",
      hardwareResourceType: "HOST",
    });
    expect(emrNodePool.check(given, {}).inputs).not.toHaveProperty("defaultPoolId");
    // A pool keeps its id when its resource, stack or project gets another name.
    expect(emrNodePool.check(given, valid).inputs.poolId).toBe(poolId);
    expect(emrNodePool.check({ ...given, poolId: "mine" }, valid).inputs.poolId).toBe("mine");
  });

  test.each([
    ["proj/dev/数据节点", "proj/dev/数据节点"],
    ["proj/dev/数据（一）", expect.stringMatching(/^proj\/dev\/数据-一--[0-9a-f]{8}$/)],
    [`proj/dev/${"n".repeat(300)}`, expect.stringMatching(/^proj\/dev\/n+-[0-9a-f]{8}$/)],
  ])("a name that a tag cannot hold is no mistake in poolId: %s", (defaultPoolId, poolId) => {
    const given = { clusterId: "emr-1", role: "task", count: 1, defaultPoolId };
    expect(emrNodePool.check(given, {})).toMatchObject({ failures: [], inputs: { poolId } });
  });

  const core = { ...valid, role: "core", payMode: 0, deletionPolicy: "terminate" };
  const master = { ...core, role: "master", deletionPolicy: "leave" };

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string | undefined]>([
    [
      "a core pool refuses to be replaced",
      { ...core, zoneId: 100003 },
      { ...core, zoneId: 100004 },
      "zoneId",
    ],
    [
      "what a core pool may have been born with is left to diff",
      core,
      { ...core, zoneId: 100004 },
      undefined,
    ],
    ["a core pool shrinks only where that is allowed", core, { ...core, count: 1 }, "count"],
    [
      "a core pool shrinks where that is allowed",
      core,
      { ...core, count: 1, scaleIn: { allowCoreScaleIn: true } },
      undefined,
    ],
    ["a master pool never shrinks", master, { ...master, count: 1 }, "count"],
    ["a task pool may be replaced", valid, { ...valid, zoneId: 100004 }, undefined],
    ["another role is another pool", core, { ...valid, count: 1 }, undefined],
  ])("%s", (_name, olds, news, property) => {
    expect(emrNodePool.check(news, olds).failures.map((failure) => failure.property)).toEqual(
      property ? [property] : [],
    );
  });

  test("never repeats a secret", () => {
    const { failures } = emrNodePool.check(
      {
        ...valid,
        preExecutedFileSettings: [{ cosFileUri: "u", cosSecretKey: 20240101 }],
      },
      {},
    );
    expect(failures).toEqual([
      { property: "preExecutedFileSettings[0].cosSecretKey", reason: "must be a string, got a number" },
    ]);
  });
});

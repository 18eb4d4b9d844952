// What a preview means where the clouds' own providers act on what ours act on.
import { describe, expect, test } from "vitest";
import { readRule, violation } from "../../cli/policy";
import { readPreview } from "../../cli/preview";
import { report } from "../../cli/report";
import { summarise } from "../../cli/summary";
import { digest, run } from "./poolPreview";

type Json = Record<string, unknown>;

const clusterId = "emr-5n3l5c83";
const instanceId = "1f5c9fd6cd984056ba89c8c87cc03278in09";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urnOf = (type: string, name: string) => `urn:pulumi:prod::lake::${type}::${name}`;

/** A step of a resource that is there with `live`, and wanted with `wanted`. */
function step(
  op: string,
  type: string,
  name: string,
  { id = clusterId, live = {}, wanted = {}, ...more }: Json,
): Json {
  const { paths, ...options } = more;
  const old =
    op === "create"
      ? {}
      : { oldState: { type, custom: true, id, inputs: wanted, outputs: live, ...options } };
  const next = op === "delete" ? {} : { newState: { type, custom: true, id, inputs: wanted, ...options } };
  return { op, urn: urnOf(type, name), ...old, ...next, diffReasons: paths, detailedDiff: null };
}

const poolInputs = { clusterId, role: "task", count: 3, poolId: "lake/prod/workers" };
const poolType = "bigdata:tencent:EmrNodePool";
const unchangedPool = (more: Json = {}, inputs: Json = {}) =>
  step("same", poolType, "workers", { id: "x", wanted: { ...poolInputs, ...inputs }, ...more });

const summaryOf = (...steps: Json[]) => summarise(readPreview(digest(...steps)));
const told = (...steps: Json[]) => {
  const summary = summaryOf(...steps);
  const { headline } = report(summary);
  return {
    ...summary,
    headline,
    warnings: summary.neighbours.flatMap(({ warnings }) => warnings.map(({ text }) => text)),
  };
};

describe.each(["tencentcloud:Emr/cluster:Cluster", "tencentcloud:index/emrCluster:EmrCluster"])(
  "%s",
  (type) => {
    const live = {
      resourceSpec: { masterCount: 1, coreCount: 2, taskCount: 3, taskResourceSpec: { spec: "S5" } },
    };
    const wanted = { resourceSpec: { masterCount: 1, coreCount: 2 } };
    const both = ["resourceSpec.taskCount", "resourceSpec.taskResourceSpec"];

    test("a cluster that is replaced takes everything along, whether or not one of ours changes", () => {
      const cluster = step("replace", type, "lake", {
        live,
        wanted,
        ignoreChanges: both.slice(0, 1),
        paths: ["resourceSpec"],
      });
      const alone = told(cluster);
      expect(alone.verdict).toBe("destroys");
      expect(alone.headline).toBe(`Destroys: lake replaces cluster ${clusterId} with all its data`);
      const beside = told(cluster, unchangedPool());
      expect(beside.headline).toContain("and what workers has there");
      expect(beside.warnings[0]).toContain('ignoreChanges: ["resourceSpec.taskResourceSpec"]');
      const { status, stderr } = run(digest(cluster), "--fail-on", "destroys");
      expect([status, stderr]).toEqual([
        3,
        `not let through: lake replaces cluster ${clusterId} with all its data\n`,
      ]);
    });

    test("so does one that is deleted, unless it is kept", () => {
      const gone = step("delete", type, "lake", { live, wanted });
      expect(told(gone).headline).toContain(`deletes cluster ${clusterId}`);
      const kept = step("delete", type, "lake", { live, wanted, retainOnDelete: true });
      expect(told(kept)).toMatchObject({ verdict: "safe", neighbours: [] });
    });

    test("a first `up` says what is to be written, and nothing where it is", () => {
      const id = undefined;
      const made = (more: Json) => step("create", type, "lake", { id, wanted, ...more });
      const propertyDependencies = { clusterId: [urnOf(type, "lake")] };
      const newPool = step("create", poolType, "workers", {
        ...{ id, wanted: { ...poolInputs, clusterId: unknown }, propertyDependencies },
      });
      const { verdict, warnings } = told(made({}), newPool);
      expect(verdict).toBe("spends");
      expect(warnings).toEqual([
        `beside workers it needs ignoreChanges: ${JSON.stringify(both)}. Without that the next refresh wants to replace the cluster`,
        "protect: true keeps it from being replaced with its data",
      ]);
      for (const ignoreChanges of [both, ["resourceSpec"]])
        expect(told(made({ protect: true, ignoreChanges }), newPool).warnings).toEqual([]);
      expect(told(made({})).warnings).toEqual([]);
      const other = step("create", poolType, "workers", {
        id,
        wanted: { ...poolInputs, clusterId: "emr-other000" },
      });
      expect(told(made({}), other).warnings).toEqual([]);
    });

    test("a count that goes up buys, and one that goes down terminates what terminateNodeInfos names", () => {
      const change = (count: number, more: Json = {}) =>
        step("update", type, "lake", {
          live,
          wanted: { resourceSpec: { ...wanted.resourceSpec, taskCount: count }, ...more },
        });
      expect(told(change(6))).toMatchObject({
        verdict: "spends",
        headline: "Spends: lake buys 3 nodes of the role task",
      });
      expect(told(change(2)).verdict).toBe("safe");
      const doomed = { terminateNodeInfos: [{ cvmInstanceIds: ["ins-1"] }] };
      expect(told(change(2, doomed)).headline).toBe(
        "Destroys: lake terminates ins-1, as terminateNodeInfos says",
      );
      expect(violation(readRule("spends>100"), summaryOf(change(6)), undefined)).toMatch(
        /price that is not known/,
      );
    });

    test("a count that is ignored buys nothing, and one of a zone buys as well", () => {
      const resourceSpec = { ...wanted.resourceSpec, coreCount: 4, taskCount: 6 };
      const ignoreChanges = ["resourceSpec.taskCount"];
      for (const paths of [["resourceSpec"], ["resourceSpec.coreCount"]]) {
        const change = step("update", type, "lake", { live, wanted: { resourceSpec }, ignoreChanges, paths });
        expect(told(change).headline).toBe("Spends: lake buys 2 nodes of the role core");
      }
      const zones = (taskCount: number) => ({ multiZoneSettings: [{ resourceSpec: { taskCount } }] });
      const inZone = {
        live: zones(1),
        wanted: zones(2),
        paths: ["multiZoneSettings[0].resourceSpec.taskCount"],
      };
      expect(told(step("update", type, "lake", inZone)).headline).toBe(
        "Spends: lake buys 1 node of the role task",
      );
    });

    test("an unchanged cluster is spoken of where the preview shows it", () => {
      const warned = told(step("same", type, "lake", { live, wanted }), unchangedPool());
      expect(warned).toMatchObject({ verdict: "safe", headline: "Safe: no big-data resource changes" });
      expect(warned.warnings).toHaveLength(2);
      const fine = { protect: true, ignoreChanges: both };
      expect(told(step("same", type, "lake", { live, wanted, ...fine }), unchangedPool()).neighbours).toEqual(
        [],
      );
    });
  },
);

describe("the second edition of an EMR cluster", () => {
  const type = "tencentcloud:index/emrClusterV2:EmrClusterV2";
  const zone = (...taskResourceSpecs: Json[]) => ({
    zoneResourceConfigurations: [{ allNodeResourceSpec: { taskResourceSpecs } }],
  });
  const node = { _nodeIndex: "task_2", orderNo: "ins-2", emrResourceId: "emr-vm-2", instanceType: "S5.L" };
  const change = (live: Json, wanted: Json) =>
    step("update", type, "lake", { live, wanted, paths: ["zoneResourceConfigurations"] });

  test("a name that goes terminates its node, and says whose it is", () => {
    expect(told(change(zone(node), zone())).headline).toBe("Destroys: lake terminates ins-2");
    const adopting = unchangedPool({}, { adopt: ["emr-vm-2"] });
    expect(told(change(zone(node), zone()), adopting).headline).toContain("which is a node of workers");
  });

  test("a name that comes buys, another machine type disturbs", () => {
    expect(told(change(zone(), zone({ _nodeIndex: "task_2" }))).headline).toBe("Spends: lake buys 1 node");
    const other = { _nodeIndex: "task_2", instanceType: "S5.XL" };
    expect(told(change(zone(node), zone(other))).headline).toBe(
      "Disturbs: lake changes the machine type of ins-2",
    );
  });

  test("blocks of a pool's role are to go", () => {
    const { warnings } = told(
      step("same", type, "lake", { wanted: zone(node), protect: true }),
      unchangedPool(),
    );
    expect(warnings).toEqual([expect.stringContaining("Take the task blocks out")]);
  });
});

describe("a DDM instance", () => {
  const type = "huaweicloud:index/ddmInstance:DdmInstance";
  const change = (op: string, from: number, to: unknown, more: Json = {}) =>
    step(op, type, "orders", {
      id: instanceId,
      live: { nodeNum: from },
      wanted: { nodeNum: to },
      paths: ["nodeNum"],
      ...more,
    });
  const group = step("same", "bigdata:huawei:DdmNodeGroup", "group", {
    id: instanceId,
    wanted: { instanceId, nodeCount: 4 },
  });

  test("fewer nodes than there are", () => {
    expect(told(change("update", 4, 2)).headline).toBe(
      "Destroys: orders removes 2 nodes of the instance; which is not known",
    );
    expect(run(digest(change("update", 4, 2)), "--fail-on", "destroys").status).toBe(3);
  });

  test("more nodes than there are", () => {
    expect(told(change("update", 2, 3)).headline).toBe("Spends: orders adds 1 node, paid automatically");
    expect(told(change("update", 2, unknown)).warnings).toEqual([expect.stringContaining("not known yet")]);
  });

  test("a number that is ignored", () => {
    const ignored = { ignoreChanges: ["nodeNum"] };
    expect(told(change("update", 4, 2, ignored), group)).toMatchObject({ verdict: "safe", neighbours: [] });
    expect(told(change("same", 4, 2, ignored), group).neighbours).toEqual([]);
    expect(told(change("same", 4, 4), group).warnings).toEqual([expect.stringContaining('["nodeNum"]')]);
  });

  test("a group of its provider's", () => {
    const groupType = "huaweicloud:index/ddmInstanceGroup:DdmInstanceGroup";
    const made = (more: Json) =>
      step("same", groupType, "g", {
        id: `${instanceId}/g`,
        wanted: { instanceId },
        live: { instanceId },
        ...more,
      });
    expect(told(made({}), group).warnings).toEqual([expect.stringContaining('["nodes"]')]);
    expect(told(made({ ignoreChanges: ["nodes"] }), group).neighbours).toEqual([]);
    expect(
      told(step("delete", groupType, "g", { id: `${instanceId}/g`, live: { instanceId } })).verdict,
    ).toBe("destroys");
  });
});

describe("a DLC engine", () => {
  const type = "tencentcloud:Dlc/dataEngine:DataEngine";
  const id = "reports#DataEngine-1";
  const image = step("same", "bigdata:tencent:DlcEngineImage", "image", {
    id: "DataEngine-1",
    wanted: { dataEngineId: "DataEngine-1" },
  });

  test("a version in the program fails each update", () => {
    const stuck = step("update", type, "reports", {
      ...{ id, live: { imageVersionName: "new" }, wanted: { imageVersionName: "old", size: 32 } },
      paths: ["imageVersionName", "size"],
    });
    const { headline, blocked, warnings } = told(stuck, image);
    expect(headline).toBe("Safe, but 1 change cannot be made as declared");
    expect(blocked).toEqual([expect.stringMatching(/^reports: .*imageVersionName.*take it out/)]);
    expect(warnings).toEqual([expect.stringContaining('["imageVersionName"]')]);
    const without = step("update", type, "reports", {
      id,
      live: { imageVersionName: "new", size: 16 },
      wanted: { size: 32 },
    });
    expect(told(without, image).neighbours).toEqual([]);
  });

  test("an operation acts when it is made, and not when it goes", () => {
    const operation =
      "tencentcloud:index/dlcSwitchDataEngineImageOperation:DlcSwitchDataEngineImageOperation";
    const made = (op: string) =>
      step(op, operation, "switch", { id: "x", wanted: { dataEngineId: "DataEngine-1" } });
    for (const op of ["create", "replace"]) {
      const { verdict, warnings } = told(made(op), image);
      expect([verdict, warnings.length]).toEqual(["disturbs", 1]);
    }
    expect(told(made("delete"), image).neighbours).toEqual([]);
    expect(violation(readRule("disturbs"), summaryOf(made("create")), undefined)).toMatch(
      /^switch changes the engine/,
    );
  });
});

test("a stream of events shows no options: what it changes is told, and nothing is missed in it", () => {
  const type = "huaweicloud:index/ddmInstance:DdmInstance";
  const state = (nodeNum: number) => ({ type, id: instanceId, inputs: { nodeNum: 2 }, outputs: { nodeNum } });
  const event = (op: string, diffs: string[]) => ({
    sequence: 1,
    resourcePreEvent: {
      metadata: { op, urn: urnOf(type, "orders"), type, old: state(4), new: state(4), diffs },
    },
  });
  const stream = (op: string, diffs: string[]) =>
    [event(op, diffs), { sequence: 2, summaryEvent: { result: "succeeded" } }]
      .map((each) => JSON.stringify(each))
      .join("\n");
  expect(summarise(readPreview(stream("update", ["nodeNum"]))).verdict).toBe("destroys");
  expect(summarise(readPreview(stream("update", ["name"]))).neighbours).toEqual([]);
});

test("other providers' resources are counted as before", () => {
  const bucket = step("update", "aws:s3/bucket:Bucket", "logs", { id: "logs" });
  expect(told(bucket)).toMatchObject({ others: { update: 1 }, neighbours: [], verdict: "safe" });
});

test("a refresh that finds one of ours as it was tells no drift", () => {
  const refreshed = unchangedPool({ live: { ...poolInputs, nodes: [] } });
  const state = refreshed["oldState"];
  expect(told({ ...refreshed, op: "refresh", newState: state })).toMatchObject({
    drift: [],
    verdict: "safe",
  });
});

// What answers may look like: types that no document gives.
import { describe, expect, test } from "vitest";
import {
  getOperation,
  isTime,
  listApplications,
  listConfigs,
  listOperations,
  operationIdOf,
  operationPhase,
  runApplicationAction,
} from "../../../provider/volcengine/emr/api";
import { readInstances } from "../../../provider/volcengine/emr/applications";

describe("an operation is read", () => {
  test.each([
    ["createTime", ["xxx", "2026-01-02T03:04:05Z", "", 0, 1_700_000_000_000, {}]],
    ["endTime", ["xxx", "2026-01-02T03:04:05Z", "", 0, 1_700_000_000_000, {}]],
    ["content", ["xxx", "", 0, { actionName: "restart" }, ["restart"], true]],
    ["stateChangeReason", ["xxx", "", 0, { code: "x" }, [], false]],
    ["operationId", ["op-1", 1, 2 ** 60, {}]],
    ["operateId", ["op-1", 1, 2 ** 60, {}]],
    ["operationState", ["SUCCESS", 3, true, {}]],
    ["accountId", ["1", 1, {}]],
    ["items", ["xxx", {}, [], [{ operationId: 7 }]]],
    ["totalCount", ["1", "xxx", 1, -1, {}]],
  ])("with any %s", (field, values) => {
    for (const value of values)
      expect(getOperation.response.safeParse({ operationState: "RUNNING", [field]: value }).success).toBe(
        true,
      );
  });

  test.each([
    [{ operationId: "op-1" }, "op-1"],
    [{ operateId: "op-1" }, "op-1"],
    [{ operationId: 17 }, "17"],
    [{ operationId: "", operateId: "op-1" }, "op-1"],
    // Its last digits are lost, so that it would name another one.
    [{ operationId: 2 ** 60 }, ""],
    [{}, ""],
  ])("%j has the id %j", (record, id) => {
    expect(operationIdOf(getOperation.response.parse(record))).toBe(id);
    expect(operationIdOf(runApplicationAction.response.parse({ clusterId: 7, ...record }))).toBe(id);
  });
});

test.each([
  ["SUCCESS", undefined, "succeeded"],
  ["Finished", "", "succeeded"],
  ["FAILED", 0, "failed"],
  ["skip", null, "skipped"],
  ["RUNNING", "xxx", "open"],
  ["ACCEPT", 1, "open"],
  ["DONE", 1_700_000_000_000, "ended"],
  ["DONE", "1700000000000", "ended"],
  ["DONE", "2026-01-02T03:04:05Z", "ended"],
  ["DONE", "xxx", "ended"],
  [7, 1, "ended"],
  [{}, 1, "ended"],
  ["DONE", "", "unknown"],
  ["DONE", " ", "unknown"],
  ["DONE", 0, "unknown"],
  ["DONE", "0", "unknown"],
  ["DONE", undefined, "unknown"],
  ["DONE", {}, "unknown"],
  ["DONE", "0001-01-01T00:00:00Z", "unknown"],
  ["DONE", "1970-01-01T00:00:00Z", "unknown"],
  ["DONE", -62_135_596_800, "unknown"],
])("an operation %j that ended %j is %s", (operationState, endTime, phase) => {
  expect(operationPhase(getOperation.response.parse({ operationState, endTime }))).toBe(phase);
  expect(operationPhase(getOperation.response.parse({ operateState: operationState, endTime }))).toBe(phase);
});

describe("a list", () => {
  const lists = { listApplications, listConfigs, listOperations };
  test.each(Object.entries(lists))(
    "%s without rows is only empty where it says so",
    (_name, { response }) => {
      expect(response.safeParse({}).success).toBe(false);
      expect(response.safeParse({ operations: [] }).success).toBe(false);
      expect(response.safeParse({ totalCount: 3 }).success).toBe(false);
      expect(response.safeParse({ totalCount: 0 }).success).toBe(true);
      expect(response.safeParse({ totalCount: "0" }).success).toBe(true);
      expect(response.safeParse({ items: [] }).success).toBe(true);
    },
  );

  test.each([
    [12, 12],
    ["12", 12],
    ["many", undefined],
    [-1, undefined],
    [{}, undefined],
  ])("counts %j", (totalCount, count) => {
    for (const { response } of Object.values(lists))
      expect(response.parse({ items: [], totalCount }).totalCount).toBe(count);
    expect(readInstances({ items: [], totalCount })).toMatchObject({ total: count });
  });

  test("of configuration has values of any plain type, and of no other", () => {
    const row = (configValue: unknown) => ({ items: [{ fileName: "f", configKey: 8080, configValue }] });
    expect(listConfigs.response.parse(row(2)).items).toMatchObject([{ configKey: "8080", configValue: "2" }]);
    expect(listConfigs.response.parse(row(false)).items).toMatchObject([{ configValue: "false" }]);
    // An object for a text would look like a change.
    expect(listConfigs.response.safeParse(row({})).success).toBe(false);
  });
});

test.each([
  ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"],
  [1_700_000_000, "1700000000"],
  ["0001-01-01T00:00:00Z", ""],
  ["", ""],
  [0, ""],
  [{}, ""],
])("an instance started at %j shows %j", (startTime, shown) => {
  const row = { componentName: "RayOperator", instanceState: "STARTED", name: "a", startTime };
  expect(readInstances({ items: [row] })).toMatchObject({ items: [{ startTime: shown }] });
  expect(isTime(startTime)).toBe(shown !== "");
});

// What one process of a run took charge of, as another process deletes it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { type Context, createContext } from "../../provider/base/context";
import { Session } from "../../provider/base/session";
import type { Resource } from "../../provider/core/resource";
import { keepWhatWasTakenOver } from "../../provider/core/takeover";
import { emrServiceState } from "../../provider/tencent/emr/serviceState/resource";

const day = 24 * 3_600_000;
const here = "127.0.0.1:1";
let now = 0;
let directory = "";

beforeEach(() => {
  now = 1_000_000;
  const parent = mkdtempSync(join(tmpdir(), "taken-"));
  directory = join(parent, "journal");
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
});

const contextAt = (engineAddress: string, told: string[] = []) =>
  createContext(
    new Session({
      clock: { now: async () => now, sleep: async () => {} },
      journalDirectory: directory,
      engineAddress,
    }),
    () => undefined,
    (message) => told.push(message),
  );

/** A provider process of the run at this address; `deleted` are the ids that were really deleted. */
function processOf(address: string, parts?: (state: object) => string[]) {
  const deleted: string[] = [];
  const resource = keepWhatWasTakenOver({
    type: "cloud:Thing",
    create: async (_context: Context, state: object) => ({ id: "x", state }),
    delete: async (_context: Context, id: string) => void deleted.push(id),
    ...(parts ? { partsOf: parts } : {}),
  } as unknown as Resource);
  const told: string[] = [];
  const context = contextAt(address, told);
  return {
    deleted,
    told,
    create: (state: Record<string, unknown> = {}) => resource.create(context, state),
    delete: (state: Record<string, unknown> = {}) => resource.delete(context, "x", state),
  };
}

test.each([
  ["the same run", here, 0, []],
  ["a later run", "127.0.0.1:2", 0, ["x"]],
  ["a run of another day at the same address", here, day, ["x"]],
  ["a process that knows no run", "", 0, ["x"]],
])("%s deletes what another process created", async (_name, address, later, deleted) => {
  await processOf(here).create();
  now += later;
  const other = processOf(address);
  await other.delete();
  expect(other.deleted).toEqual(deleted);
});

test.each([here, ""])("the same process needs nothing written (run %j)", async (address) => {
  writeFileSync(directory, "no directory");
  const one = processOf(address);
  await one.create();
  await one.delete();
  expect(one.deleted).toEqual([]);
});

test.each([
  [["a", "b"], []],
  [["b", "c"], []],
  [["c"], ["x"]],
  [[], ["x"]],
])("of %j, where a and b were taken, %j is deleted", async (parts, deleted) => {
  const partsOf = (state: object) => (state as { parts: string[] }).parts;
  await processOf(here, partsOf).create({ parts: ["a", "b"] });
  const other = processOf(here, partsOf);
  await other.delete({ parts });
  expect(other.deleted).toEqual(deleted);
});

test("a service is known by its state, whatever form its id had when it was recorded", async () => {
  const deleted: string[] = [];
  const resource = keepWhatWasTakenOver({
    type: emrServiceState.type,
    keyOf: emrServiceState.keyOf,
    create: async (_context: Context, state: object) => ({ id: "emr-1/HDFS/DataNode", state }),
    delete: async (_context: Context, id: string) => void deleted.push(id),
  } as unknown as Resource);
  const context = contextAt(here);
  const state = { clusterId: "emr-1", service: "HDFS", components: ["DataNode"] };
  await resource.create(context, state);
  await resource.delete(context, "emr-1/HDFS/DataNode@", state);
  expect(deleted).toEqual([]);
  await resource.delete(context, "emr-1/HDFS/NameNode@", { ...state, components: ["NameNode"] });
  expect(deleted).toEqual(["emr-1/HDFS/NameNode@"]);
});

test("what cannot be noted is told, and known to the process that took charge of it", async () => {
  writeFileSync(directory, "no directory");
  const own = processOf(here);
  await own.create();
  expect(own.told).toEqual([expect.stringContaining(`${directory} cannot be written`)]);
  await own.delete();
  expect(own.deleted).toEqual([]);
});

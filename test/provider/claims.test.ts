// What two resources of one program may not both be about, for every resource.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { Session } from "../../provider/base/session";
import { takeClaims } from "../../provider/core/claims";
import { dynamicProvider } from "../../provider/doors/dynamic";
import { Messages } from "../../provider/doors/plugin/messages";
import { resources } from "../../provider/resources";

let here: { session: Session; journalDirectory: string };
beforeEach(() => {
  const journalDirectory = mkdtempSync(join(tmpdir(), "claims-"));
  directories.push(journalDirectory);
  here = { session: new Session({ journalDirectory }), journalDirectory };
});
const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

type Inputs = Record<string, unknown>;

let run = 0;
/** What each of these is told, in the order in which they are checked, in a run of its own. */
function told(type: string, ...inputs: Inputs[]) {
  const resource = resources.get(type);
  if (!resource) throw new Error(type);
  run += 1;
  return inputs.map((given, index) =>
    takeClaims(resource, here, `r${run}-${index}`, given).map(({ property }) => property),
  );
}

const pool = { clusterId: "emr-1", role: "task", poolId: "p", count: 1 };
const service = { clusterId: "emr-2", service: "YARN", state: "running" };
const image = { dataEngineId: "e-1" };
const group = { instanceId: "i-1" };
const application = { clusterId: "vke-1", application: "Ray", state: "running" };

const rivals: [string, string, Inputs, Inputs, string][] = [
  ["one poolId", "tencent:EmrNodePool", pool, { ...pool, count: 2 }, "poolId"],
  [
    "one adopted node",
    "tencent:EmrNodePool",
    { ...pool, clusterId: "emr-a", adopt: ["emr-vm-1"] },
    { ...pool, clusterId: "emr-a", poolId: "q", adopt: ["emr-vm-1"] },
    "adopt",
  ],
  ["one service", "tencent:EmrServiceState", service, service, "service"],
  [
    "a part that is to run, of a service that is to stop",
    "tencent:EmrServiceState",
    { ...service, clusterId: "emr-b", state: "stopped" },
    { ...service, clusterId: "emr-b", components: ["NodeManager"] },
    "service",
  ],
  ["one engine by id", "tencent:DlcEngineImage", image, { ...image, imageVersionId: "v" }, "dataEngineId"],
  [
    "one engine by name",
    "tencent:DlcEngineImage",
    { dataEngineName: "n" },
    { dataEngineName: "n" },
    "dataEngineName",
  ],
  ["one group", "huawei:DdmNodeGroup", { ...group, groupId: "g" }, { ...group, groupId: "g" }, "groupId"],
  [
    "a group, and the only one there is",
    "huawei:DdmNodeGroup",
    { instanceId: "i-2" },
    { instanceId: "i-2", groupId: "g" },
    "groupId",
  ],
  [
    "one application, in any case",
    "volcengine:EmrApplicationState",
    application,
    { ...application, application: "RAY" },
    "application",
  ],
  [
    "a component that is to stop, of an application that is to run",
    "volcengine:EmrApplicationState",
    { ...application, clusterId: "vke-b" },
    { ...application, clusterId: "vke-b", components: ["RayOperator"], state: "stopped" },
    "application",
  ],
];

test.each(rivals)("%s: told", (_, type, first, second, property) => {
  expect(told(type, first, second)).toEqual([[], [property]]);
});

const peaceful: [string, string, Inputs, Inputs][] = [
  [
    "pools of two clusters",
    "tencent:EmrNodePool",
    { ...pool, clusterId: "emr-3" },
    { ...pool, clusterId: "emr-4" },
  ],
  [
    "pools whose id is not known yet",
    "tencent:EmrNodePool",
    { ...pool, poolId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    { ...pool, poolId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
  ],
  [
    "two components of a service",
    "tencent:EmrServiceState",
    { ...service, clusterId: "emr-5", components: ["NodeManager"] },
    { ...service, clusterId: "emr-5", components: ["ResourceManager"], state: "stopped" },
  ],
  [
    "a service and a part of it, with one wish",
    "tencent:EmrServiceState",
    { ...service, clusterId: "emr-6" },
    { ...service, clusterId: "emr-6", components: ["NodeManager"] },
  ],
  [
    "two groups",
    "huawei:DdmNodeGroup",
    { instanceId: "i-3", groupId: "a" },
    { instanceId: "i-3", groupId: "b" },
  ],
  [
    "two releases",
    "volcengine:EmrApplicationState",
    { ...application, clusterId: "vke-2", components: ["RayCluster"], releaseName: "a" },
    { ...application, clusterId: "vke-2", components: ["RayCluster"], releaseName: "b", state: "stopped" },
  ],
];

test.each(peaceful)("%s: nothing to tell", (_, type, first, second) => {
  expect(told(type, first, second)).toEqual([[], []]);
});

test.each([...resources.keys()])("%s is tried with rivals", (type) => {
  expect(rivals.map(([, tried]) => tried)).toContain(type);
});

test("a resource that is checked twice is no rival of itself", () => {
  const resource = resources.get("tencent:EmrNodePool");
  if (!resource) throw new Error("none");
  const take = () => takeClaims(resource, here, "same", { ...pool, poolId: "twice" });
  expect([take(), take()]).toEqual([[], []]);
});

test("the dynamic door tells it in check, and keeps the name out of the inputs", async () => {
  const host = {
    session: here.session,
    messages: new Messages(undefined),
    stop: new AbortController().signal,
  };
  const request = { config: { get: () => undefined } } as never;
  const provider = dynamicProvider("tencent:EmrNodePool", request, host);
  const given = { clusterId: "emr-9", role: "task", count: 1, defaultPoolId: "p/s/workers" };
  const asker = (name: string) => ({ name, urn: "urn:pulumi:s::p::t::workers", isPreview: false });
  const check = (name: string) => provider.check?.({}, { ...given, __claimant: asker(name) });
  const first = await check("EmrNodePool workers");
  expect(first).toMatchObject({ failures: [], inputs: { poolId: "p/s/workers" } });
  expect(first?.inputs).not.toHaveProperty("__claimant");
  const second = await check("EmrNodePool workers (number 2 of this name)");
  expect(second?.failures).toMatchObject([
    {
      property: "",
      reason: expect.stringMatching(/^poolId: is about .*EmrNodePool workers of this program/),
    },
  ]);
});

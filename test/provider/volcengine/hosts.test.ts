// Which host is asked: the vendor's SDKs know regions that the common gateway does not serve, and the vendor's tools ask
// for the newer version at the region's own host.
import { expect, onTestFinished, test } from "vitest";
import { Session } from "../../../provider/base/session";
import { createVolcengineClient } from "../../../provider/volcengine/client";
import {
  getVirtualCluster,
  listComponentInstances,
  listOperations,
  runApplicationAction,
} from "../../../provider/volcengine/emr/api";
import { hostsOf } from "../../../provider/volcengine/hosts";
import { type Simulator, startSimulator } from "../../../simulator/index";

const gateway = "https://open.volcengineapi.com/";
const own = (region: string) => `https://emr.${region}.volcengineapi.com/`;

test.each<[string | undefined, string, string, string?]>([
  [undefined, "cn-beijing", gateway, own("cn-beijing")],
  [undefined, "cn-shanghai", gateway, own("cn-shanghai")],
  [undefined, "ap-southeast-1", gateway, own("ap-southeast-1")],
  [undefined, "cn-beijing-selfdrive", own("cn-beijing-selfdrive")],
  [undefined, "cn-beijing-autodriving", own("cn-beijing-autodriving")],
  [undefined, "cn-shanghai-autodriving", own("cn-shanghai-autodriving")],
  [undefined, "ap-southeast-2", own("ap-southeast-2")],
  [undefined, "ap-southeast-3", own("ap-southeast-3")],
  [undefined, "evil.example/", gateway],
  ["emr.{region}.volcengineapi.com", "cn-beijing", own("cn-beijing")],
  ["http://127.0.0.1:8443", "ap-southeast-2", "http://127.0.0.1:8443/"],
])("endpoint %s, region %s: %s, then %s", (endpoint, region, usual, regional) => {
  const hosts = hostsOf(endpoint, region);
  expect([hosts.usual.href, hosts.regional?.href]).toEqual([usual, regional]);
});

const key = { secretId: "AKIDexample", secretKey: "exampleSecretKey0001" };
const clusterId = "emr-vke-hosts1";

async function cloud(missing: string[] = []): Promise<Simulator> {
  const sim = await startSimulator({ credentials: [key] });
  onTestFinished(() => sim.close());
  sim.vke.createCluster({ clusterId, applications: { Ray: { RayOperator: ["operator"] } } });
  sim.settings.volcengine.missingActions = missing;
  return sim;
}

const clock = { now: async () => Date.now(), sleep: async () => {} };
const session = new Session();
/** A client of its own each time, as each piece of work has. */
const clientFor = (gatewaySim: Simulator, regional: string | undefined) =>
  createVolcengineClient(
    {
      credentials: { accessKey: key.secretId, secretKey: key.secretKey },
      region: "cn-beijing",
      hosts: { usual: new URL(gatewaySim.url), ...(regional ? { regional: new URL(regional) } : {}) },
    },
    { clock, session },
  );
const asked = ({ journal }: Simulator) => journal.map(({ action }) => action);
const ray = { clusterId, applicationName: "Ray" };
const lacking = ["2024-06-13/ListComponentInstances", "2024-06-13/ListOperations"];

test("what the gateway does not have is asked for at the region's host, and from then on there", async () => {
  const [first, second] = [await cloud(lacking), await cloud()];
  for (let run = 0; run < 3; run++)
    expect(await clientFor(first, second.url).call(listComponentInstances, ray)).toMatchObject({
      items: [expect.anything()],
    });
  expect(asked(first)).toEqual(["ListComponentInstances"]);
  expect(asked(second)).toEqual(Array(3).fill("ListComponentInstances"));
  await clientFor(first, second.url).call(getVirtualCluster, { clusterId });
  expect([asked(first).at(-1), asked(second).length]).toEqual(["GetVirtualCluster", 3]);
});

test("what the region's host does not have either is not asked for there again", async () => {
  const [first, second] = [await cloud(lacking), await cloud(lacking)];
  for (let run = 0; run < 3; run++)
    await expect(
      clientFor(first, second.url).call(listOperations, { clusterIds: [clusterId] }),
    ).rejects.toMatchObject({ code: "InvalidActionOrVersion" });
  expect([asked(first).length, asked(second).length]).toEqual([3, 1]);
});

test("a region's host that does not answer leaves it at the gateway's word", async () => {
  const first = await cloud(lacking);
  const closed = await cloud();
  await closed.close();
  for (let run = 0; run < 2; run++)
    await expect(clientFor(first, closed.url).call(listComponentInstances, ray)).rejects.toMatchObject({
      code: "InvalidActionOrVersion",
      kind: "refused",
    });
});

test("a refusal of the region's host counts where it has the action", async () => {
  const [first, second] = [await cloud(lacking), await cloud()];
  second.settings.volcengine.deniedActions = ["ListOperations"];
  for (let run = 0; run < 2; run++)
    await expect(
      clientFor(first, second.url).call(listOperations, { clusterIds: [clusterId] }),
    ).rejects.toMatchObject({ code: "AccessDenied" });
  expect([asked(first).length, asked(second).length]).toEqual([1, 2]);
});

test.each(["2023-12-30/RunApplicationAction", "2023-12-30/GetVirtualCluster"])(
  "%s is asked for at the gateway alone",
  async (missing) => {
    const [first, second] = [await cloud([missing]), await cloud()];
    const client = clientFor(first, second.url);
    const call = missing.endsWith("GetVirtualCluster")
      ? client.call(getVirtualCluster, { clusterId })
      : client.call(runApplicationAction, {
          clusterId,
          actionName: "restart",
          actionScope: "COMPONENT",
          components: [{ applicationName: "Ray", componentNames: ["RayOperator"] }],
        });
    await expect(call).rejects.toMatchObject({ code: "InvalidActionOrVersion" });
    expect(asked(second)).toEqual([]);
  },
);

test("with an endpoint that is configured nothing else is asked", async () => {
  const first = await cloud(lacking);
  await expect(clientFor(first, undefined).call(listComponentInstances, ray)).rejects.toMatchObject({
    code: "InvalidActionOrVersion",
  });
  expect(asked(first)).toHaveLength(1);
});

// The vendor's own client core, unmodified, against the simulator. A package for DDM is not published; the core sends what
// such a package would.
import { BasicCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { ClientBuilder } from "@huaweicloud/huaweicloud-sdk-core/ClientBuilder";
import type { HcClient, HttpRequestOptions } from "@huaweicloud/huaweicloud-sdk-core/HcClient";
import { expect, onTestFinished, test, vi } from "vitest";
import { defaultProjectId, startSimulator } from "../../simulator/index";

const key = { secretId: "AKIDvendor", secretKey: "vendorSecretKey0001" };
const instanceId = "vendor1in09";

async function withVendorClient(secretKey = key.secretKey) {
  const sim = await startSimulator({ credentials: [key] });
  onTestFinished(() => sim.close());
  sim.ddm.createInstance({ instanceId });
  const credential = new BasicCredentials()
    .withAk(key.secretId)
    .withSk(secretKey)
    .withProjectId(defaultProjectId);
  const client = new ClientBuilder((core: HcClient) => core)
    .withEndpoint(sim.url)
    .withCredential(credential)
    .build();
  const send = (method: string, url: string, more: Partial<HttpRequestOptions> = {}) =>
    client.sendRequest({
      method,
      url,
      contentType: "application/json",
      queryParams: {},
      pathParams: { project_id: defaultProjectId, instance_id: instanceId },
      headers: {},
      ...more,
    }) as Promise<unknown>;
  return { sim, send };
}

test("reads with and without a query", async () => {
  const { sim, send } = await withVendorClient();
  await send("GET", "/v1/{project_id}/instances/{instance_id}");
  await send("GET", "/v1/{project_id}/instances/{instance_id}/nodes", {
    queryParams: { offset: 0, limit: 128 },
  });
  expect(sim.journal.map(({ action, outcome }) => [action, outcome])).toEqual([
    ["ShowInstance", "ok"],
    ["ListNodes", "ok"],
  ]);
});

test("enlarges", async () => {
  const { sim, send } = await withVendorClient();
  const [group] = sim.ddm.groups(instanceId);
  const answer = await send("POST", "/v2/{project_id}/instances/{instance_id}/action/enlarge", {
    data: { flavor_id: group?.flavorId, node_number: 1 },
  });
  expect(answer).toMatchObject({ instanceId, jobId: expect.stringMatching(/./) });
  expect(sim.ddm.purchases(instanceId)).toHaveLength(1);
});

test("is refused with a wrong key", async () => {
  // The vendor's client prints the whole request.
  for (const way of ["log", "error", "debug", "info"] as const)
    vi.spyOn(console, way).mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const { sim, send } = await withVendorClient("wrong");
  await expect(send("GET", "/v1/{project_id}/instances/{instance_id}")).rejects.toBeDefined();
  expect(sim.journal.map(({ outcome }) => outcome)).toEqual(["APIGW.0301"]);
});

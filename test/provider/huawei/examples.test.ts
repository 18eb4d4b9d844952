// The answers that the vendor's pages print for the calls that we make, through our client; and the requests that they
// print, against the stand-in cloud, signed by the vendor's own signer.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createHuaweiClient, type HuaweiClient } from "../../../provider/huawei/client";
import * as ddm from "../../../provider/huawei/ddm/api";
import { startSimulator } from "../../../simulator/index";
import { callHuawei, instanceId as exampleInstance, flavorId } from "../../simulator/huaweiCall";

const instanceId = "1f5c9fd6cd984056ba89c8c87cc03278in09";
const path = { instance: instanceId };
const page = { offset: 0, limit: 10 };
const zone = { code: "eu-de-01", status: "normal", description: "eu-de-01", support_ipv6: true };

const removed = (client: HuaweiClient) =>
  client.call(ddm.deleteNodes, { path, body: { node_ids: ["116ba14da45678d28ecd83a38c218907no02"] } });

interface Example {
  name: string;
  status?: number;
  answer: object;
  call(client: HuaweiClient): Promise<object>;
  reads: object;
}

const examples: Example[] = [
  {
    name: "show instance",
    answer: {
      nodes: [
        {
          status: "RUNNING",
          port: "5066",
          ip: "192.168.0.160",
          group_id: "b4153b807b1a4f83870bf868fcc4f4eagr09",
          node_id: "4a2b97b7f5e3462c9c78aae93b46ed83no09",
        },
      ],
      id: instanceId,
      status: "RUNNING",
      name: "ddm2-test",
      created: "2021-11-09T03:30:01+0000",
      updated: "2021-12-15T09:12:58+0000",
      available_zone: "az1",
      node_count: 1,
      access_ip: "192.168.0.160",
      access_port: "5066",
      core_count: "2",
      ram_capacity: "8",
      node_status: "RUNNING",
      engine_version: "3.0.6",
      admin_user_name: "root",
      enable_ssl: false,
      flavor_ref: "ddm.c6.large.2",
    },
    call: (client) => client.call(ddm.showInstance, { path }),
    reads: { status: "RUNNING", engineVersion: "3.0.6" },
  },
  {
    name: "list instances",
    answer: {
      instance_num: 26,
      instances: [
        {
          id: "73f27bb0b26d4a79a9b0c58a4c700c4fin09",
          status: "RUNNING",
          name: "ddm-36c7",
          created: "2021-12-14T07:46:22+0000",
          available_zone: "az1",
          node_count: 1,
          access_ip: "192.168.23.143",
          access_port: "5066",
          core_count: "2",
          ram_capacity: "4",
          node_status: "RUNNING",
          engine_version: "3.0.8",
          enable_ssl: false,
          flavor_ref: "ddm.c6.large.2",
        },
      ],
      page_size: 1,
      total_record: 26,
      total_page: 26,
      page_no: 3,
    },
    call: (client) => client.call(ddm.listInstances, { query: page }),
    reads: { totalRecord: 26, instances: [{ name: "ddm-36c7", nodeCount: 1, accessPort: "5066" }] },
  },
  {
    name: "list nodes",
    answer: {
      nodes: [
        {
          port: "5066",
          status: "normal",
          node_id: "4a2b97b7f5e3462c9c78aae93b46ed83no09",
          ip: "192.168.0.160",
          group_id: "9fd13885d3354f1f8df256ecda6d3346gr09",
        },
      ],
      offset: 0,
      limit: 128,
      total: 1,
    },
    call: (client) => client.call(ddm.listNodes, { path, query: page }),
    reads: {
      total: 1,
      nodes: [
        { nodeId: "4a2b97b7f5e3462c9c78aae93b46ed83no09", groupId: "9fd13885d3354f1f8df256ecda6d3346gr09" },
      ],
    },
  },
  {
    name: "list nodes, as it was in 2022",
    answer: {
      nodes: [
        {
          port: "5066",
          status: "normal",
          node_id: "47667f9ed2a54af7ba9ca46d8d37c26fno09",
          ip: "192.168.0.179",
        },
      ],
      total: 1,
    },
    call: (client) => client.call(ddm.listNodes, { path, query: page }),
    reads: { total: 1, nodes: [{ status: "normal", ip: "192.168.0.179" }] },
  },
  {
    name: "list groups",
    answer: {
      group_list: [
        {
          id: "****gr09",
          name: "group-default",
          role: "rw",
          endpoint: "**.**.**.**:5066",
          is_load_balance: true,
          is_default_group: false,
          architecture: "X86",
          cpu_num_per_node: 4,
          mem_num_per_node: 8,
          node_list: [{ id: "****no09", name: "node_01", az: "some_az" }],
        },
      ],
      total_count: 1,
    },
    call: (client) => client.call(ddm.listGroups, { path, query: page }),
    reads: {
      totalCount: 1,
      groupList: [
        { cpuNumPerNode: "4", memNumPerNode: "8", isLoadBalance: true, nodeList: [{ az: "some_az" }] },
      ],
    },
  },
  {
    name: "list flavors",
    answer: {
      flavor_groups: [
        {
          offset: 0,
          limit: 1,
          total: 4,
          group_type: "X86",
          flavors: [{ id: "x", spec_code: "ddm.c6.xlarge.2", vcpus: "4", ram: "8", az_infos: [zone] }],
        },
        {
          offset: 0,
          limit: 1,
          total: 5,
          group_type: "ARM",
          flavors: [{ id: "y", spec_code: "ddm.kc1.large.2", vcpus: "2", ram: "4", az_infos: [zone] }],
        },
      ],
    },
    call: (client) => client.call(ddm.listFlavors, { query: { engine_version: "3.0.8", ...page } }),
    reads: {
      flavorGroups: [
        { total: 4, groupType: "X86", flavors: [{ specCode: "ddm.c6.xlarge.2", vcpus: "4", ram: "8" }] },
        { total: 5, groupType: "ARM", flavors: [{ azInfos: [{ code: "eu-de-01", status: "normal" }] }] },
      ],
    },
  },
  {
    name: "show job",
    answer: {
      job: {
        id: "31b8ae23-c687-4d80-b7b4-42a66c9bb886",
        name: "CreateInstance",
        status: "Running",
        created_time: "2018-08-06T10:41:14+0100",
        end_time: "2018-08-06T16:41:14+0100",
        process: "60%",
        instance: { id: "a48e43ff268f4c0e879652d65e63d0fbin09", name: "DDM-test" },
      },
    },
    call: (client) => client.call(ddm.showJob, { path: { job: "31b8ae23-c687-4d80-b7b4-42a66c9bb886" } }),
    reads: { job: { status: "Running", process: "60%" } },
  },
  {
    name: "list jobs",
    answer: {
      jobs: [
        {
          id: "92370d30-3ddc-4e05-b8ab-51662d824318",
          name: "migrateLogicDb",
          status: "ToBeSwitched",
          created_time: "2025-05-20T15:05:13+0000",
          end_time: "2025-05-20T15:05:13+0000",
          process: "",
          instance_name: "UTS-ddm-dtc-src",
          instance_id: "733c7e8d73a54c27b8308ec784a8be8cin09",
          operations: ["modifySwitchingStrategy", "toBeCanceled"],
          database_name: "db_e487",
          fail_reason: "",
        },
        {
          id: "57933931-9323-422d-8f3d-20a62eb00c4e",
          name: "CreateInstance",
          status: "Completed",
          created_time: "2025-05-20T07:51:47+0000",
          end_time: "2025-05-20T07:56:54+0000",
          process: "",
          instance_name: "UTS-ddm-dtc-src",
          instance_id: "733c7e8d73a54c27b8308ec784a8be8cin09",
          operations: [],
          database_name: "",
          fail_reason: "",
        },
      ],
      offset: 0,
      limit: 10,
      total: 3,
    },
    call: (client) => client.call(ddm.listJobs, { query: { start_time: 1, end_time: 2, ...page } }),
    reads: {
      total: 3,
      jobs: [
        { id: "92370d30-3ddc-4e05-b8ab-51662d824318", status: "ToBeSwitched", failReason: "" },
        { name: "CreateInstance", instanceId: "733c7e8d73a54c27b8308ec784a8be8cin09" },
      ],
    },
  },
  {
    name: "batch-delete",
    status: 202,
    answer: { job_id: "9fe84a77-6a6b-4b03-9a3e-db910a548657" },
    call: removed,
    reads: { jobId: "9fe84a77-6a6b-4b03-9a3e-db910a548657" },
  },
  {
    name: "batch-delete of a yearly/monthly instance",
    status: 202,
    answer: { order_id: "CS1810251738L8VVD" },
    call: removed,
    reads: { orderId: "CS1810251738L8VVD" },
  },
];

test.each(examples)("$name: the answer is read", async ({ status = 200, answer, call, reads }) => {
  const server = createServer((_, response) => response.writeHead(status).end(JSON.stringify(answer)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = createHuaweiClient(
    {
      credentials: { kind: "token", token: "t" },
      region: "eu-west-101",
      projectId: "p",
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    { clock: { now: async () => Date.now(), sleep: async () => {} } },
  );
  expect(await call(client)).toMatchObject(reads);
});

const at = `/instances/${exampleInstance}`;
test.each([
  ["list instances", "GET", "/v1/-/instances?offset=0&limit=10", undefined, 200],
  ["show instance", "GET", `/v1/-${at}`, undefined, 200],
  ["list nodes", "GET", `/v1/-${at}/nodes?offset=0&limit=1`, undefined, 200],
  ["list groups", "GET", `/v3/-${at}/groups?offset=null&limit=null`, undefined, 200],
  [
    "list flavors",
    "GET",
    "/v3/-/flavors?engine_version=3.x.x.x&available_zones=eu-de-01,eu-de-02&offset=0&limit=10",
    undefined,
    200,
  ],
  ["list jobs", "GET", "/v3/-/jobs?start_time=1746028800000&end_time=1747319097182", undefined, 200],
  ["enlarge", "POST", `/v2/-${at}/action/enlarge`, { flavor_id: flavorId, node_number: 1 }, 200],
  [
    "batch-delete",
    "POST",
    `/v3/-${at}/nodes/batch-delete`,
    { node_ids: ["116ba14da45678d28ecd83a38c218907no02"] },
    202,
  ],
])("%s: the stand-in cloud accepts the request", async (_, method, target, body, status) => {
  // The jobs' example asks for May 2025.
  const sim = await startSimulator({ startTime: new Date("2025-05-15T14:24:57Z") });
  onTestFinished(() => sim.close());
  sim.ddm.createInstance({ instanceId: exampleInstance });
  sim.ddm.addNode(exampleInstance, { nodeId: "116ba14da45678d28ecd83a38c218907no02" });
  expect(await callHuawei(sim, method, target, body)).toMatchObject({ status, outcome: "ok" });
});

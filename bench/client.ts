// Our clients beside the vendors' own SDKs: signed requests a second and CPU for each, of the same question with the same
// answer from the same server, with as many at once as the engine has. Of ours, everything is in place that calls of the
// provider have: the rate limit (higher than it ever gets), validation of both sides, retries.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BasicCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { ClientBuilder } from "@huaweicloud/huaweicloud-sdk-core/ClientBuilder";
import type { HcClient } from "@huaweicloud/huaweicloud-sdk-core/HcClient";
import { Service } from "@volcengine/openapi";
import { emr } from "tencentcloud-sdk-nodejs/tencentcloud/services/emr";
import { type Context, createContext } from "../provider/base/context";
import { Session } from "../provider/base/session";
import { createHuaweiClient } from "../provider/huawei/client";
import { listNodes } from "../provider/huawei/ddm/api";
import { createTencentClient } from "../provider/tencent/client";
import { describeClusterNodes } from "../provider/tencent/emr/api";
import { createVolcengineClient } from "../provider/volcengine/client";
import { listApplications } from "../provider/volcengine/emr/api";
import { cpuMilliseconds, type Measure, median, type Row } from "./measure";

const rounds = 7;
/** Requests of a round. */
const requests = 1_000;
const atOnce = 16;
/** More than any client gets here. */
const callsPerSecond = 10_000;
/** How long the lists are that are answered. */
const lengths = [1, 10];

type Ask = () => Promise<unknown>;

interface Peers {
  cloud: string;
  vendor: string;
  /** What the cloud answers with so many rows. */
  answer(rows: number): object;
  /** What either asks, given the server's URL, and how many rows the answer has. */
  clients(url: string, context: Context): { ours: Ask; theirs: Ask; rowsOf(answer: never): number };
}

const key = { id: "AKIDbench", secret: "benchSecretKey0001" };
const many = <T>(rows: number, make: (index: number) => T): T[] =>
  Array.from({ length: rows }, (_, index) => make(index));

const tencent: Peers = {
  cloud: "Tencent",
  vendor: "tencentcloud-sdk-nodejs",
  answer: (rows) => ({
    Response: {
      TotalCnt: rows,
      NodeList: many(rows, (index) => ({
        ...{ AppId: 1, SerialNo: "", OrderNo: `ins-bench${index}`, WanIp: null, Flag: 3, Spec: "node_1" },
        ...{ CpuNum: 4, MemSize: 17179869184, MemDesc: "16GB", RegionId: 1, ZoneId: 100003, FreeTime: "" },
        ...{ ApplyTime: "2026-01-02 03:04:05", DiskSize: "100GB", NameTag: "pool", Services: "NodeManager" },
        ...{ Storage: 1, Ip: `10.0.0.${index}`, ChargeType: 0, EmrResourceId: `emr-vm-bench${index}` },
        ...{ ServicesStatus: "NodeManager:STARTED", Zone: "ap-guangzhou-3", IsAutoRenew: 0, AutoFlag: 0 },
        ...{ HardwareResourceType: "host", Tags: [{ TagKey: "team", TagValue: "bench" }] },
      })),
      RequestId: "3c140219-cfe9-470e-b241-907877d6fb03",
    },
  }),
  clients(url, context) {
    const settings = { credentials: { secretId: key.id, secretKey: key.secret }, region: "ap-guangzhou" };
    const ours = createTencentClient({ ...settings, endpoint: url, callsPerSecond }, context);
    const theirs = new emr.v20190103.Client({
      credential: settings.credentials,
      region: settings.region,
      profile: { httpProfile: { endpoint: new URL(url).host, protocol: "http://" } },
    });
    return {
      ours: () => ours.call(describeClusterNodes, { instanceId: "emr-bench123", nodeFlag: "task" }),
      theirs: () => theirs.DescribeClusterNodes({ InstanceId: "emr-bench123", NodeFlag: "task" }),
      rowsOf: (answer: { nodeList?: unknown[]; NodeList?: unknown[] }) =>
        (answer.nodeList ?? answer.NodeList ?? []).length,
    };
  },
};

const huawei: Peers = {
  cloud: "Huawei",
  vendor: "huaweicloud-sdk-core",
  answer: (rows) => ({
    nodes: many(rows, (index) => ({
      ...{ node_id: `node${index}`, name: `ddm-bench-${index}`, status: "normal", ip: `10.0.0.${index}` },
      ...{ port: "5066", az: "az1", group_id: "group1" },
    })),
    ...{ offset: 0, limit: rows, total: rows },
  }),
  clients(url, context) {
    const region = "eu-west-101";
    const projectId = "0123456789abcdef0123456789abcdef";
    const credentials = { kind: "key" as const, accessKey: key.id, secretKey: key.secret };
    const ours = createHuaweiClient(
      { credentials, region, projectId, endpoint: url, callsPerSecond },
      context,
    );
    const theirs = new ClientBuilder((core: HcClient) => core)
      .withEndpoint(url)
      .withCredential(new BasicCredentials().withAk(key.id).withSk(key.secret).withProjectId(projectId))
      .build();
    const query = { offset: 0, limit: 128 };
    return {
      ours: () => ours.call(listNodes, { path: { instance: "bench1in09" }, query }),
      theirs: () =>
        theirs.sendRequest({
          method: "GET",
          url: "/v1/{project_id}/instances/{instance_id}/nodes",
          contentType: "application/json",
          queryParams: query,
          pathParams: { project_id: projectId, instance_id: "bench1in09" },
          headers: {},
        } as never),
      rowsOf: (answer: { nodes: unknown[] }) => answer.nodes.length,
    };
  },
};

const volcengine: Peers = {
  cloud: "Volcengine",
  vendor: "@volcengine/openapi",
  answer: (rows) => ({
    ResponseMetadata: { RequestId: "2026010203040501", Action: "ListApplications", Version: "2023-12-30" },
    Result: {
      Items: many(rows, (index) => ({
        ...{ ApplicationName: `app${index}`, ApplicationVersion: "1.0", ApplicationState: "RUNNING" },
        ...{ Namespace: "default", Description: "bench" },
      })),
      ...{ TotalCount: rows, MaxResults: 100 },
    },
  }),
  clients(url, context) {
    const region = "cn-beijing";
    const credentials = { accessKey: key.id, secretKey: key.secret };
    const hosts = { usual: new URL(url) };
    const ours = createVolcengineClient({ credentials, region, hosts, callsPerSecond }, context);
    const service = new Service({
      accessKeyId: key.id,
      secretKey: key.secret,
      host: new URL(url).host,
      protocol: "http:",
      serviceName: "emr",
      region,
      defaultVersion: "2023-12-30",
    });
    const list = service.createJSONAPI("ListApplications") as (request: object) => Promise<unknown>;
    return {
      ours: () => ours.call(listApplications, { clusterId: "emr-bench1", maxResults: 100 }),
      theirs: () => list({ ClusterId: "emr-bench1", MaxResults: 100 }),
      rowsOf: (answer: { items?: unknown[]; Result?: { Items: unknown[] } }) =>
        (answer.items ?? answer.Result?.Items ?? []).length,
    };
  },
};

interface Taken {
  perSecond: number;
  cpu: number;
}

/** Asks so many times, so many at once. */
async function take(ask: Ask): Promise<Taken> {
  let left = requests;
  const started = performance.now();
  const cpu = await cpuMilliseconds(async () => {
    const asker = async () => {
      while (left-- > 0) await ask();
    };
    await Promise.all(Array.from({ length: atOnce }, asker));
  });
  return { perSecond: (requests * 1000) / (performance.now() - started), cpu: cpu / requests };
}

async function compare(
  { cloud, vendor, answer, clients }: Peers,
  rows: number,
  context: Context,
): Promise<Row[]> {
  const server = fork(join(__dirname, "answers.js"), [JSON.stringify(answer(rows))]);
  try {
    const [port] = (await once(server, "message")) as [number];
    const { ours, theirs, rowsOf } = clients(`http://127.0.0.1:${port}`, context);
    for (const ask of [ours, theirs])
      if (rowsOf((await ask()) as never) !== rows) throw new Error(`${cloud}: another answer than was sent`);
    const taken: { ours: Taken[]; theirs: Taken[] } = { ours: [], theirs: [] };
    // Until neither gets faster any more.
    for (const ask of [ours, theirs, ours, theirs, ours, theirs]) await take(ask);
    for (let round = 0; round < rounds; round++) {
      taken.theirs.push(await take(theirs));
      taken.ours.push(await take(ours));
    }
    const medians = (of: keyof Taken) =>
      [taken.ours, taken.theirs].map((all) => median(all.map((each) => each[of]))) as [number, number];
    const [rate, theirRate] = medians("perSecond");
    const [cpu, theirCpu] = medians("cpu");
    const size = `a list of ${rows}`;
    const reason =
      "what is left is the connection itself, and the check of the answer, which the vendor's SDK leaves out";
    const how = `median of ${rounds} times ${requests}, ${atOnce} at once, interleaved`;
    return [
      {
        what: `${cloud}: signed requests a second, ${size}`,
        figure: rate.toFixed(0),
        against: `${vendor}: ${theirRate.toFixed(0)}`,
        ratio: rate / theirRate,
        target: { atLeast: 2.5 },
        how,
        reason,
      },
      {
        what: `${cloud}: CPU of a request, ${size}`,
        figure: `${cpu.toFixed(3)} ms`,
        against: `${vendor}: ${theirCpu.toFixed(3)} ms`,
        ratio: cpu / theirCpu,
        target: { atMost: 0.4 },
        how,
        reason,
      },
    ];
  } finally {
    server.disconnect();
  }
}

export const client: Measure = {
  name: "client",
  async run() {
    const journalDirectory = mkdtempSync(join(tmpdir(), "pulumi-bigdata-client-"));
    const context = createContext(
      new Session({ journalDirectory }),
      () => undefined,
      () => {},
    );
    try {
      const all: Row[] = [];
      for (const peers of [tencent, huawei, volcengine])
        for (const rows of lengths) all.push(...(await compare(peers, rows, context)));
      return all;
    } finally {
      rmSync(journalDirectory, { recursive: true, force: true });
    }
  },
};

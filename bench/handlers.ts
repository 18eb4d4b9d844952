// The CPU that Check and Diff of something without changes take in the provider, by the service that gRPC calls, from the
// decoded request to the response. There are many of each resource, each about something of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  CreateRequest,
  type CreateResponse,
  DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Session } from "../provider/base/session";
import type { Resource } from "../provider/core/resource";
import { Messages } from "../provider/doors/plugin/messages";
import { ProviderService } from "../provider/doors/plugin/service";
import { resources } from "../provider/resources";
import { type Simulator, startSimulator } from "../simulator/index";
import { cpuMilliseconds, type Measure, median, type Row } from "./measure";

const rounds = 5;
const each = 200;

type Ask = <Response>(method: string, request: unknown) => Promise<Response>;
type Inputs = { [name: string]: JavaScriptValue };

const struct = (value: Inputs) => Struct.fromJavaScript(value);
const urnOf = (type: string, name: string) => `urn:pulumi:bench::bench::bigdata:${type}::${name}`;

/** What there is one of, and what a program says of it. */
function subjects(sim: Simulator): Record<string, Inputs> {
  sim.emr.createCluster({ clusterId: "emr-bench1" });
  sim.dlc.createEngine({ dataEngineId: "DataEngine-bench1", dataEngineName: "bench" });
  sim.ddm.createInstance({ instanceId: "bench1in09" });
  sim.vke.createCluster({ clusterId: "emr-bench2", applications: { Ray: { RayOperator: ["operator"] } } });
  const tags = [{ tagKey: "team", tagValue: "bench" }];
  const flavorId = sim.ddm.groups("bench1in09")[0]?.flavorId ?? "";
  return {
    "tencent:EmrNodePool": { clusterId: "emr-bench1", role: "task", count: 2, tags },
    "tencent:EmrServiceState": { clusterId: "emr-bench1", service: "YARN", state: "running" },
    "tencent:DlcEngineImage": { dataEngineId: "DataEngine-bench1", imageVersion: "SuperSQL-S 3.5" },
    "huawei:DdmNodeGroup": { instanceId: "bench1in09", flavorId, nodeCount: 3 },
    "volcengine:EmrApplicationState": {
      ...{ clusterId: "emr-bench2", application: "Ray", components: ["RayOperator"], state: "running" },
    },
  };
}

function serve(sim: Simulator, journalDirectory: string): Ask {
  const clock = {
    now: async () => sim.clock.now(),
    sleep: async (milliseconds: number) => sim.clock.advance(milliseconds),
  };
  const service = new ProviderService({
    session: new Session({ clock, journalDirectory }),
    version: "",
    schema: () => "",
    messages: new Messages(undefined),
  }).implementation() as Record<
    string,
    (call: object, done: (error: unknown, response: never) => void) => void
  >;
  return (method, request) =>
    new Promise((resolve, reject) => {
      service[method]?.({ request }, (error, response) => (error ? reject(error) : resolve(response)));
    });
}

/** CPU of one call of each kind, in milliseconds. */
async function costOf(
  ask: Ask,
  { type, subject }: Resource,
  news: Inputs,
): Promise<{ check: number; diff: number }> {
  const checkOf = (name: string) =>
    new CheckRequest().setUrn(urnOf(type, name)).setNews(struct(news)).setOlds(struct({}));
  const checked = await ask<CheckResponse>("check", checkOf("first"));
  const creating = new CreateRequest().setUrn(urnOf(type, "first")).setProperties(checked.getInputs());
  const state = (await ask<CreateResponse>("create", creating)).getProperties();
  const inputs = (checked.getInputs() as Struct).toJavaScript() as Inputs;
  const checks: number[] = [];
  const diffs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const names = Array.from({ length: each }, (_, index) => `${round}x${index}`);
    const checking = names.map((name) => {
      const other = { [subject.id]: `${news[subject.id]}${name}` };
      return new CheckRequest()
        .setUrn(urnOf(type, name))
        .setNews(struct({ ...news, ...other }))
        .setOlds(struct({ ...inputs, ...other }));
    });
    const diffing = names.map((name) =>
      new DiffRequest()
        .setUrn(urnOf(type, name))
        .setOlds(state)
        .setNews(checked.getInputs())
        .setOldInputs(checked.getInputs()),
    );
    checks.push(
      await cpuMilliseconds(async () => {
        for (const request of checking)
          for (const failure of (await ask<CheckResponse>("check", request)).getFailuresList())
            throw new Error(failure.getReason());
      }),
    );
    diffs.push(
      await cpuMilliseconds(async () => {
        for (const request of diffing) {
          const response = await ask<DiffResponse>("diff", request);
          if (response.getChanges() !== DiffResponse.DiffChanges.DIFF_NONE)
            throw new Error(`${type} differs: ${response.getDiffsList().join(", ")}`);
        }
      }),
    );
  }
  return { check: median(checks) / each, diff: median(diffs) / each };
}

const shortly = (type: string) => type.split(":")[1];

function rowOf(what: string, costs: readonly (readonly [type: string, cost: number])[]): Row {
  const [type, most] = costs.reduce((a, b) => (a[1] >= b[1] ? a : b));
  return {
    what,
    figure: `${most.toFixed(2)} ms (${shortly(type)}, the most of ${costs.length})`,
    against: "limit: 1 ms",
    ratio: most,
    target: { atMost: 1 },
    how: `median of ${rounds} times ${each}, through the service object`,
  };
}

export const handlers: Measure = {
  name: "handlers",
  async run() {
    const sim = await startSimulator({ timeScale: 0.1 });
    const journals = mkdtempSync(join(tmpdir(), "pulumi-bigdata-handlers-"));
    try {
      const ask = serve(sim, journals);
      const config: Inputs = {
        ...{ tencentSecretId: "AKIDsimulator", tencentSecretKey: "simulatorSecretKey0001" },
        ...{ tencentRegion: "ap-guangzhou", tencentEndpoint: sim.url },
        ...{ huaweiAccessKey: "AKIDsimulator", huaweiSecretKey: "simulatorSecretKey0001" },
        ...{ huaweiRegion: "eu-west-101", huaweiProjectId: "0123456789abcdef0123456789abcdef" },
        ...{ huaweiEndpoint: sim.url, volcengineEndpoint: sim.url, volcengineRegion: "cn-beijing" },
        ...{ volcengineAccessKey: "AKIDsimulator", volcengineSecretKey: "simulatorSecretKey0001" },
      };
      await ask("configure", new ConfigureRequest().setArgs(struct(config)));
      const table = subjects(sim);
      const costs = [];
      for (const resource of resources.values()) {
        const { type } = resource;
        costs.push({ type, ...(await costOf(ask, resource, table[type] ?? {})) });
      }
      return [
        rowOf(
          "CPU of a Check",
          costs.map(({ type, check }) => [type, check] as const),
        ),
        rowOf(
          "CPU of a Diff without changes",
          costs.map(({ type, diff }) => [type, diff] as const),
        ),
      ];
    } finally {
      await sim.close();
      rmSync(journals, { recursive: true, force: true });
    }
  },
};

// What a thousand resources add to the memory of one provider process, and what they leave on disk.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  ReadRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { root } from "../scripts/root";
import { startSimulator } from "../simulator/index";
import type { Measure } from "./measure";
import { inParallel } from "./pools";

const count = 1000;
const clusters = 20;
const mebibyte = 2 ** 20;

const megabytesOf = (pid: number | undefined) =>
  (Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024) / mebibyte;

/** Calls a method of a provider. */
type Ask = <Response>(method: string, request: object) => Promise<Response>;

/** A pool's life: made, looked at, compared, and at the end deleted. */
async function live(ask: Ask, number: number): Promise<void> {
  const urn = `urn:pulumi:bench::bench::bigdata:tencent:EmrNodePool::pool${number}`;
  const news = Struct.fromJavaScript({
    ...{ clusterId: `emr-bench${number % clusters}`, role: "task", count: 1 },
    tags: [{ tagKey: "team", tagValue: `team ${number}` }],
  });
  const checked = await ask<CheckResponse>("check", new CheckRequest().setUrn(urn).setNews(news));
  const inputs = checked.getInputs();
  const created = await ask<CreateResponse>("create", new CreateRequest().setUrn(urn).setProperties(inputs));
  const [id, state] = [created.getId(), created.getProperties()];
  await ask("read", new ReadRequest().setUrn(urn).setId(id).setProperties(state).setInputs(inputs));
  await ask(
    "diff",
    new DiffRequest().setUrn(urn).setId(id).setOlds(state).setNews(inputs).setOldInputs(inputs),
  );
  if (number % 2 === 0) await ask("delete", new DeleteRequest().setUrn(urn).setId(id).setProperties(state));
}

export const memory: Measure = {
  name: "memory",
  async run() {
    const sim = await startSimulator({ timeScale: 0.02 });
    const journals = mkdtempSync(join(tmpdir(), "pulumi-bigdata-memory-"));
    for (let index = 0; index < clusters; index++) sim.emr.createCluster({ clusterId: `emr-bench${index}` });
    const child = spawn(process.execPath, [join(root, "plugin", "pulumi-resource-bigdata"), "127.0.0.1:1"], {
      env: {
        ...process.env,
        ...{ PULUMI_BIGDATA_STATE_DIR: journals, PULUMI_BIGDATA_TEST_CLOCK: `${sim.url}/_sim/clock` },
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const port = await new Promise<string>((resolve) => {
        createInterface({ input: child.stdout }).once("line", resolve);
      });
      const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
      const ask: Ask = (method, request) =>
        new Promise((resolve, reject) => {
          // biome-ignore lint/suspicious/noExplicitAny: a method by its name
          (client as any)[method](request, (error: unknown, answer: never) =>
            error ? reject(error) : resolve(answer),
          );
        });
      const config = {
        ...{ tencentSecretId: sim.credentials[0]?.secretId ?? "" },
        ...{ tencentSecretKey: sim.credentials[0]?.secretKey ?? "" },
        ...{ tencentRegion: "ap-guangzhou", tencentEndpoint: sim.url },
      };
      await ask("configure", new ConfigureRequest().setArgs(Struct.fromJavaScript(config)));
      // What the first ones load is there whatever their number.
      for (const number of [0, 1, 2, 3]) await live(ask, number);
      const before = megabytesOf(child.pid);
      const numbers = Array.from({ length: count }, (_, index) => index + 4);
      const after = [];
      for (const part of [numbers.slice(0, count / 2), numbers.slice(count / 2)]) {
        await inParallel(part, 16, (number) => live(ask, number));
        after.push(megabytesOf(child.pid));
      }
      const [half = Number.NaN, whole = Number.NaN] = after;
      const added = whole - before;
      const files = readdirSync(journals, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
      const size = files.reduce((a, b) => a + b, 0) / mebibyte;
      client.close();
      return [
        {
          what: `Memory that ${count} pools add to a provider process`,
          figure: `${added.toFixed(0)} MB`,
          against: "limit: 150 MB",
          ...{ ratio: added / 150, target: { atMost: 1 } },
          how: "created, read, compared, every second one deleted; 16 at a time, by gRPC",
          reason:
            "V8 collects late where there is much memory; with a heap limited to 60 MB the same work adds 35 MB",
        },
        {
          what: "What the second half of them adds",
          figure: `${(whole - half).toFixed(0)} MB`,
          against: `the first half: ${(half - before).toFixed(0)} MB`,
          ...{ ratio: (whole - half) / (half - before), target: { atMost: 0.25 } },
          how: "the same",
        },
        {
          what: `What they leave in the state directory`,
          figure: `${size.toFixed(1)} MB in ${files.length} files`,
          against: `limit: 1 kB for each pool`,
          ...{ ratio: (size * 1024) / count, target: { atMost: 1 } },
          how: "the same",
        },
      ];
    } finally {
      child.kill("SIGKILL");
      await sim.close();
      rmSync(journals, { recursive: true, force: true });
    }
  },
};

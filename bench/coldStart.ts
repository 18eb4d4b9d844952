// How long the plugin takes from its start to the answer of its first Check, as a ratio to a bare provider on the same
// stubs, started in the same way, one after the other in the same run.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { root } from "../scripts/root";

const rounds = 15;
const runPlugin = require.resolve("@pulumi/pulumi/cmd/run-plugin");

async function coldStart(directory: string): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [runPlugin, directory, "127.0.0.1:1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`${directory} ended with ${code}`)));
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const request = new CheckRequest();
    request.setUrn("urn:pulumi:bench::bench::bigdata:tencent:EmrNodePool::workers");
    request.setOlds(Struct.fromJavaScript({}));
    request.setNews(Struct.fromJavaScript({ clusterId: "emr-bench1", role: "task", count: 1 }));
    await new Promise<void>((resolve, reject) => {
      client.check(request, (error) => (error ? reject(error) : resolve()));
    });
    const milliseconds = performance.now() - started;
    client.close();
    return milliseconds;
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function main(): Promise<void> {
  const bare = join(root, "bench", "bare");
  const plugin = join(root, "plugin");
  const times: { plugin: number[]; bare: number[] } = { plugin: [], bare: [] };
  await coldStart(plugin);
  await coldStart(bare);
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await coldStart(bare));
    times.plugin.push(await coldStart(plugin));
  }
  const ratio = median(times.plugin) / median(times.bare);
  process.stdout.write(
    `cold start to first Check, median of ${rounds}: plugin ${median(times.plugin).toFixed(0)} ms, bare provider ${median(times.bare).toFixed(0)} ms, ratio ${ratio.toFixed(2)}\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

// How long the plugin takes from its start to the answer of its first Check, beside a bare provider on the same stubs that is
// started in the same way.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CheckRequest, ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { root } from "../scripts/root";
import { interleaved, type Measure, type Row } from "./measure";

const rounds = 15;
const urnOf = (type: string) => `urn:pulumi:bench::bench::${type}::workers`;

/** Starts a provider, and asks it what the engine asks first. */
async function untilFirstCheck(args: readonly string[], env: NodeJS.ProcessEnv, linger = 0): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [...args, "127.0.0.1:1"], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}`)));
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const configuring = new ConfigureRequest().setUrn(urnOf("pulumi:providers:bigdata"));
    await new Promise<void>((resolve, reject) => {
      client.configure(configuring, (error) => (error ? reject(error) : resolve()));
    });
    const checking = new CheckRequest()
      .setUrn(urnOf("bigdata:tencent:EmrNodePool"))
      .setOlds(Struct.fromJavaScript({}))
      .setNews(Struct.fromJavaScript({ clusterId: "emr-bench1", role: "task", count: 1 }));
    await new Promise<void>((resolve, reject) => {
      client.check(checking, (error) => (error ? reject(error) : resolve()));
    });
    const milliseconds = performance.now() - started;
    client.close();
    await delay(linger);
    return milliseconds;
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
  }
}

/** One way in which providers are started. */
async function started(
  way: string,
  bare: readonly string[],
  plugin: readonly string[],
  scratch: string,
): Promise<Row[]> {
  const env = {
    PULUMI_BIGDATA_STATE_DIR: join(scratch, "state"),
    // Where the plugin's compiled code is kept: what is compiled under an inspector is other code, and each would undo the
    // other's.
    XDG_CACHE_HOME: mkdtempSync(join(scratch, "compiled-")),
  };
  const first = { ...env, NODE_DISABLE_COMPILE_CACHE: "1" };
  // Until its code is kept.
  await untilFirstCheck(plugin, env, 3_000);
  const times = await interleaved(rounds, {
    bare: () => untilFirstCheck(bare, first),
    first: () => untilFirstCheck(plugin, first),
    usual: () => untilFirstCheck(plugin, env),
  });
  const row = (what: string, time: number): Row => ({
    what: `Start to first Check, ${way}${what}`,
    figure: `${time.toFixed(0)} ms`,
    against: `bare provider: ${times.bare.toFixed(0)} ms`,
    ratio: time / times.bare,
    how: `median of ${rounds}, interleaved`,
  });
  return [
    {
      ...row("", times.usual),
      target: { atMost: 1.25 },
      reason: "beside so little, zod and the schemas of one product count",
    },
    row(", the first on a machine", times.first),
  ];
}

export const start: Measure = {
  name: "start",
  async run() {
    const scratch = mkdtempSync(join(tmpdir(), "pulumi-bigdata-start-"));
    const bare = join(root, "bench", "bare");
    const plugin = join(root, "plugin");
    const loader = require.resolve("@pulumi/pulumi/cmd/run-plugin");
    try {
      return [
        ...(await started("by Pulumi's loader", [loader, bare], [loader, plugin], scratch)),
        ...(await started(
          "by its executable",
          [join(bare, "index.js")],
          [join(plugin, "pulumi-resource-bigdata")],
          scratch,
        )),
      ];
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};

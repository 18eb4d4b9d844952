// The main job from beginning to end on one machine: starts the stand-in cloud, deploys examples/tencent-emr against
// it, and walks through a pool's life. Ends with a failure where any step does not do what it says.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describePlan, resourceOf } from "../provider";
import { type EmrNode, type JournalEntry, type Simulator, startSimulator } from "../simulator";
import { createDriver, pulumiOnPath } from "../test/drivers";
import type { Message, StackDriver, UpdateResult } from "../test/drivers/driver";
import { renderStep } from "../test/engine/render";
import { copyProgram, installPackage, work } from "../test/package";

const clusterId = "emr-demo0001";
const credentials = { secretId: "AKIDdemo", secretKey: "demoSecretKey0001" };
const poolType = "EmrNodePool";
const print = (line = "") => process.stdout.write(`${line}\n`);

/** `--engine=test`, `--engine=pulumi`, or whichever there is. */
function chooseEngine(): "test" | "pulumi" {
  const asked = process.argv.find((argument) => argument.startsWith("--engine="))?.slice("--engine=".length);
  if (asked !== undefined && asked !== "test" && asked !== "pulumi") {
    throw new Error(`--engine may be test or pulumi, not ${asked}`);
  }
  const engine = asked ?? (pulumiOnPath() ? "pulumi" : "test");
  if (engine === "pulumi" && !pulumiOnPath()) installPulumi();
  return engine;
}

/** The official npm package of the CLI, which downloads the binary when it first runs. */
function installPulumi(): void {
  const prefix = join(work, "pulumi-cli");
  try {
    execFileSync("npm", ["install", "--prefix", prefix, "--no-audit", "--no-fund", "pulumi"], {
      stdio: "pipe",
    });
    process.env["PATH"] = `${join(prefix, "node_modules", ".bin")}${delimiter}${process.env["PATH"] ?? ""}`;
    execFileSync("pulumi", ["version"], { stdio: "pipe" });
  } catch (error) {
    const output = (error as { stderr?: Buffer }).stderr?.toString().trim().split("\n").at(-1) ?? "";
    throw new Error(`--engine=pulumi: the Pulumi CLI is not on PATH and could not be downloaded. ${output}`);
  }
}

function announce(engine: "test" | "pulumi"): void {
  if (engine === "pulumi") {
    print(`Engine: the Pulumi CLI ${execFileSync("pulumi", ["version"], { encoding: "utf8" }).trim()}.`);
  } else {
    print(
      "Engine: this project's test engine, which stands in for the Pulumi CLI's engine only; the SDK's language runtime, " +
        "its provider process and the protocol between them are the real ones.",
    );
  }
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(`expected: ${what}`);
}

class Walk {
  private seen = 0;

  constructor(
    private readonly sim: Simulator,
    private readonly stack: StackDriver,
  ) {}

  title(text: string): void {
    print(`\n━━ ${text}`);
  }

  nodes(): EmrNode[] {
    return this.sim.emr.nodes(clusterId).filter(({ role }) => role === "task");
  }

  /** Shows what a preview says, in Pulumi's words and as the provider's own plan. */
  async preview(): Promise<UpdateResult> {
    const result = await this.stack.preview();
    if (!result.ok) throw new Error(result.error);
    for (const step of result.steps) {
      if (!step.type.endsWith(`:${poolType}`) || step.op === "same") continue;
      for (const line of renderStep(step)) print(`   ${line}`);
      const plan = resourceOf(`tencent:${poolType}`).planFromState(
        step.oldState?.outputs,
        step.newState?.inputs ?? {},
      );
      for (const line of describePlan(plan)) print(`   plan: ${line}`);
    }
    return result;
  }

  async run(verb: "up" | "refresh" | "destroy"): Promise<UpdateResult> {
    const onMessage = ({ severity, message }: Message) => {
      if (severity !== "debug") print(`   │ ${message.trimEnd()}`);
    };
    const result = await this.stack[verb]({ onMessage });
    if (!result.ok) throw new Error(`${verb} failed: ${result.error}`);
    this.calls();
    this.table();
    return result;
  }

  /** The calls that the cloud received and whose signatures it accepted, since the last time. */
  private calls(): void {
    const fresh = this.sim.journal.slice(this.seen);
    this.seen = this.sim.journal.length;
    const reads = fresh.filter(({ action }) => action.startsWith("Describe"));
    for (const call of fresh) if (!reads.includes(call)) print(`   call ${describeCall(call)}`);
    if (reads.length > 0) print(`   call … and ${reads.length} reads`);
  }

  private table(): void {
    const rows = this.nodes().map((node) => [
      node.emrResourceId,
      node.orderNo,
      node.ip,
      node.tags.find(({ TagKey }) => TagKey === "pulumi-bigdata-pool")?.TagValue ?? "-",
    ]);
    const all = [["task node", "machine", "ip", "pool"], ...rows];
    const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
    for (const row of all)
      print(`   ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`);
    if (rows.length === 0) print("   (none)");
  }
}

function describeCall({ action, request, requestId, outcome }: JournalEntry): string {
  const keys = ["TaskCount", "CvmInstanceIds", "NodeFlag", "GraceDownTime", "PayMode", "ClientToken"];
  const fields = Object.entries((request ?? {}) as Record<string, unknown>)
    .filter(([key]) => keys.includes(key))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${action} ${fields.join(" ")} → ${outcome}, RequestId ${requestId}`;
}

async function main(): Promise<void> {
  const engine = chooseEngine();
  announce(engine);
  // Real time, fifty times as fast as the cloud: a scale-out takes five seconds instead of four minutes.
  const sim = await startSimulator({ clock: "real", timeScale: 0.02, credentials: [credentials] });
  sim.emr.createCluster({ clusterId });
  installPackage();
  const program = copyProgram("examples/tencent-emr");
  const stack = await createDriver({
    programDirectory: program,
    stack: "demo",
    engine,
    env: { PULUMI_BIGDATA_STATE_DIR: join(program, ".journal") },
  });
  const walk = new Walk(sim, stack);
  try {
    print(`Cloud: the project's simulator at ${sim.url} (bigdata:tencentEndpoint), cluster ${clusterId}.`);
    await stack.setConfig("bigdata:tencentSecretId", credentials.secretId);
    await stack.setConfig("bigdata:tencentSecretKey", credentials.secretKey, { secret: true });
    await stack.setConfig("bigdata:tencentRegion", "ap-guangzhou");
    await stack.setConfig("bigdata:tencentEndpoint", sim.url);
    await stack.setConfig("clusterId", clusterId);

    walk.title("preview: a pool of 2 task nodes");
    await stack.setConfig("taskNodes", "2");
    expect((await walk.preview()).changeSummary["create"] === 2, "the stack and the pool are to be created");
    expect(sim.journal.length === 0, "a preview of a new pool calls nothing");

    walk.title("up: 2 task nodes");
    const created = await walk.run("up");
    expect(walk.nodes().length === 2, "2 task nodes");
    expect(created.outputs["nodeCount"] === 2, "the stack's output nodeCount is 2");

    walk.title("preview and up: 5 task nodes");
    await stack.setConfig("taskNodes", "5");
    expect((await walk.preview()).changeSummary["update"] === 1, "the pool is to be updated");
    await walk.run("up");
    expect(walk.nodes().length === 5, "5 task nodes");

    const victim = walk.nodes()[1]?.emrResourceId ?? "";
    walk.title(`somebody deletes ${victim} in the console; refresh shows it`);
    sim.emr.removeNode(clusterId, victim);
    const refreshed = await walk.run("refresh");
    for (const step of refreshed.steps) {
      if (step.type.endsWith(poolType)) for (const line of renderStep(step)) print(`   ${line}`);
    }
    expect(
      refreshed.steps.some(({ type, op }) => type.endsWith(poolType) && op === "update"),
      "the refresh shows a change",
    );

    walk.title("preview and up: the missing node is bought again");
    await walk.preview();
    await walk.run("up");
    expect(walk.nodes().length === 5, "5 task nodes again");

    walk.title("preview and up: scale in to 1");
    await stack.setConfig("taskNodes", "1");
    await walk.preview();
    await walk.run("up");
    expect(walk.nodes().length === 1, "1 task node");

    walk.title("destroy");
    await walk.run("destroy");
    expect(walk.nodes().length === 0, "no task node");
    const bought = sim.emr.purchases(clusterId).reduce((sum, { nodeIds }) => sum + nodeIds.length, 0);
    expect(bought === 6, `6 nodes bought in all, not ${bought}`);
    print("\nEvery step did what it said: 6 nodes bought, 5 removed by us, 1 by somebody else.");
  } finally {
    await stack.dispose();
    await sim.close();
    rmSync(program, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`\ndemo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

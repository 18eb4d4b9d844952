// All five resources from beginning to end on one machine: starts the stand-in clouds, deploys examples/data-platform
// against them, and walks through its life. Ends with a failure where any step does not do what it says.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describePlan } from "../provider/core/plan";
import type { Resource } from "../provider/core/resource";
import { resources } from "../provider/resources";
import {
  defaultFlavorId,
  defaultVkeClusterId,
  type JournalEntry,
  type Simulator,
  startSimulator,
} from "../simulator";
import { pulumiOnPath } from "../test/drivers";
import type { Message, StackDriver, UpdateResult } from "../test/drivers/driver";
import { createPulumiCliDriver } from "../test/drivers/pulumiCli";
import { createTestEngineDriver } from "../test/drivers/testEngine";
import { copyProgram, installPackage, work } from "../test/package";
import { renderStep } from "./renderStep";

const emrClusterId = "emr-demo0001";
const engine = "reports";
const ddmInstanceId = "demo0001in09";
const versions = { old: "SuperSQL-S 1.0", new: "SuperSQL-S 3.5" };
const credentials = { secretId: "AKIDdemo", secretKey: "demoSecretKey0001" };
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

/** Undefined for what is none of our resources. */
function ownResource(step: { type: string }): Resource | undefined {
  return [...resources.values()].find(({ type }) => step.type.endsWith(`/${type}`));
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

  /** Shows what a preview says, in Pulumi's words and as the provider's own plan. */
  async preview(): Promise<UpdateResult> {
    const result = await this.stack.preview();
    if (!result.ok) throw new Error(result.error);
    this.changes(result, true);
    return result;
  }

  changes(result: UpdateResult, withPlans: boolean): void {
    for (const step of result.steps) {
      const resource = ownResource(step);
      if (!resource || step.op === "same") continue;
      for (const line of renderStep(step)) print(`   ${line}`);
      if (!withPlans) continue;
      const plan = resource.planFromState(step.oldState?.outputs, step.newState?.inputs ?? {});
      if (plan.steps.length + plan.warnings.length > 0)
        for (const line of describePlan(plan)) print(`     plan: ${line}`);
    }
  }

  async run(verb: "up" | "refresh" | "destroy"): Promise<UpdateResult> {
    const onMessage = ({ severity, message }: Message) => {
      if (severity !== "debug") print(`   │ ${message.trimEnd()}`);
    };
    const result = await this.stack[verb]({ onMessage });
    if (!result.ok) throw new Error(`${verb} failed: ${result.error}`);
    this.calls();
    this.clouds();
    return result;
  }

  /** The calls that the clouds received and whose signatures they accepted, since the last time. */
  private calls(): void {
    const fresh = this.sim.journal.slice(this.seen);
    this.seen = this.sim.journal.length;
    const isRead = ({ action }: JournalEntry) => /^(Describe|List|Get|Show|Query)/.test(action);
    for (const call of fresh.filter((each) => !isRead(each))) print(`   call ${describeCall(call)}`);
    const reads = fresh.filter(isRead).length;
    if (reads > 0) print(`   call … and ${reads} reads`);
  }

  private clouds(): void {
    const { taskNodes, managers, engineVersion, databaseNodes, operator } = look(this.sim);
    const running = managers.filter(({ started }) => started).length;
    print(
      `   now: ${taskNodes.length} task nodes, ${running} of ${managers.length} NodeManagers run; engine ${engineVersion}; ${databaseNodes.length} DDM nodes; Ray operator ${operator.state}, started ${operator.starts} times`,
    );
  }
}

/** What there is in the clouds, past all of our own code. */
function look(sim: Simulator) {
  const versionId = sim.dlc.engines().find(({ dataEngineName }) => dataEngineName === engine)?.imageVersionId;
  return {
    taskNodes: sim.emr.nodes(emrClusterId).filter(({ role }) => role === "task"),
    managers: sim.emr.processes(emrClusterId, { service: "YARN", component: "NodeManager" }),
    engineVersion: Object.values(versions).find((name) => sim.dlc.image(name).imageVersionId === versionId),
    databaseNodes: sim.ddm.nodes(ddmInstanceId),
    operator: sim.vke.instance(defaultVkeClusterId, "Ray", "RayOperator", "ray-operator"),
  };
}

function describeCall({ cloud, action, request, requestId, outcome }: JournalEntry): string {
  const shown = [
    "TaskCount",
    "CvmInstanceIds",
    "OpType",
    "NewImageVersionId",
    "node_number",
    "node_ids",
    "ActionName",
    "Components",
  ];
  const fields = Object.entries((request ?? {}) as Record<string, unknown>)
    .filter(([key]) => shown.includes(key))
    .map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  return `${cloud} ${action}${fields.join("")} → ${outcome}, RequestId ${requestId}`;
}

async function configure(stack: StackDriver, sim: Simulator): Promise<void> {
  const { secretId, secretKey } = credentials;
  const settings = {
    "bigdata:tencentSecretId": secretId,
    "bigdata:tencentRegion": "ap-guangzhou",
    "bigdata:tencentEndpoint": sim.url,
    "bigdata:huaweiAccessKey": secretId,
    "bigdata:huaweiRegion": "eu-west-101",
    "bigdata:huaweiProjectId": "0123456789abcdef0123456789abcdef",
    "bigdata:huaweiEndpoint": sim.url,
    "bigdata:volcengineAccessKey": secretId,
    "bigdata:volcengineRegion": "cn-beijing",
    "bigdata:volcengineEndpoint": sim.url,
    emrClusterId,
    engine,
    ddmInstanceId,
    ddmFlavorId: defaultFlavorId,
    vkeClusterId: defaultVkeClusterId,
    hostsFile: join(work, "demo-workers.hosts"),
  };
  for (const [key, value] of Object.entries(settings)) await stack.setConfig(key, value);
  for (const cloud of ["tencentSecretKey", "huaweiSecretKey", "volcengineSecretKey"])
    await stack.setConfig(`bigdata:${cloud}`, secretKey, { secret: true });
}

async function walkThrough(sim: Simulator, stack: StackDriver): Promise<void> {
  const walk = new Walk(sim, stack);
  walk.title("preview: everything is new");
  const first = await walk.preview();
  expect(
    first.steps.filter((step) => ownResource(step) && step.op === "create").length === 5,
    "5 of our resources",
  );
  expect(!sim.journal.some(({ acted }) => acted), "a preview of what is new changes nothing");

  walk.title("up: 2 task nodes; everything else is as declared already");
  const created = await walk.run("up");
  expect(look(sim).taskNodes.length === 2, "2 task nodes");
  expect(created.outputs["nodeManagers"] === look(sim).managers.length, "the output nodeManagers is right");

  walk.title("preview and up: 5 task nodes, a new engine image, 3 DDM nodes");
  await stack.setConfig("taskNodes", "5");
  await stack.setConfig("imageVersion", versions.new);
  await stack.setConfig("ddmNodes", "3");
  await walk.preview();
  await walk.run("up");
  const grown = look(sim);
  expect(grown.taskNodes.length === 5 && grown.databaseNodes.length === 3, "5 task nodes and 3 DDM nodes");
  expect(
    grown.managers.every(({ started }) => started),
    "every NodeManager runs",
  );
  expect(grown.engineVersion === versions.new, `the engine runs ${versions.new}`);
  expect(grown.operator.starts === 2, "the Ray operator was restarted once more, with the new addresses");

  walk.title(
    "other hands: a node is deleted, a NodeManager is stopped, the engine is moved; refresh shows it",
  );
  sim.emr.removeNode(emrClusterId, grown.taskNodes[1]?.emrResourceId ?? "");
  sim.emr.stopProcesses(emrClusterId, {
    service: "YARN",
    component: "NodeManager",
    ip: grown.taskNodes[0]?.ip ?? "",
  });
  const reports = sim.dlc.engines().find(({ dataEngineName }) => dataEngineName === engine);
  sim.dlc.moveVersion(reports?.dataEngineId ?? "", sim.dlc.image(versions.old).imageVersionId);
  const refreshed = await walk.run("refresh");
  walk.changes(refreshed, false);
  expect(
    refreshed.steps.filter((step) => ownResource(step) && step.op === "update").length === 3,
    "3 resources have drifted",
  );

  walk.title("preview and up: all of it is put right");
  await walk.preview();
  await walk.run("up");
  const healed = look(sim);
  expect(healed.taskNodes.length === 5, "5 task nodes again");
  expect(
    healed.managers.every(({ started }) => started),
    "every NodeManager runs again",
  );
  expect(healed.engineVersion === versions.new, `the engine runs ${versions.new} again`);

  walk.title("up again: nothing to do");
  expect(
    (await walk.run("up")).steps.every(({ op }) => op === "same"),
    "nothing changes",
  );

  walk.title("preview and up: scale in to 1 task node");
  await stack.setConfig("taskNodes", "1");
  await walk.preview();
  await walk.run("up");
  expect(look(sim).taskNodes.length === 1, "1 task node");

  walk.title("destroy: our nodes go, the engine goes back, the instance shrinks to what it was");
  await walk.run("destroy");
  const left = look(sim);
  expect(left.taskNodes.length === 0 && left.databaseNodes.length === 2, "no task node and 2 DDM nodes");
  expect(left.engineVersion === versions.old, `the engine runs ${versions.old} as before`);
  const bought = sim.emr.purchases(emrClusterId).reduce((sum, { nodeIds }) => sum + nodeIds.length, 0);
  expect(bought === 6, `6 nodes bought in all, not ${bought}`);
  print(
    "\nEvery step did what it said: 6 EMR nodes bought, 5 removed by us and 1 by somebody else; 1 DDM node added and removed.",
  );
}

async function main(): Promise<void> {
  const chosen = chooseEngine();
  announce(chosen);
  // The clouds' minutes pass while nobody waits: the provider asks their clock for the time, and moves it on.
  const sim = await startSimulator({ credentials: [credentials] });
  sim.emr.createCluster({ clusterId: emrClusterId });
  sim.dlc.createEngine({ dataEngineName: engine, imageVersion: versions.old });
  sim.ddm.createInstance({ instanceId: ddmInstanceId });
  installPackage();
  const program = copyProgram("examples/data-platform");
  const create = chosen === "pulumi" ? createPulumiCliDriver : createTestEngineDriver;
  const stack = await create({
    programDirectory: program,
    stack: "demo",
    env: {
      PULUMI_BIGDATA_STATE_DIR: join(program, ".journal"),
      PULUMI_BIGDATA_TEST_CLOCK: `${sim.url}/_sim/clock`,
    },
  });
  try {
    print(`Clouds: the project's simulator at ${sim.url}, whose time is its own.`);
    await configure(stack, sim);
    await walkThrough(sim, stack);
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

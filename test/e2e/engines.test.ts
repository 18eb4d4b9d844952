// The test engine, which runs lists of resources and the demo, does what the CLI's engine does: of one program, through the
// same misfortunes, come the same steps, states and calls.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../simulator/index";
import type { StackDriver, Step } from "../drivers/driver";
import { createPulumiCliDriver } from "../drivers/pulumiCli";
import { createTestEngineDriver } from "../drivers/testEngine";
import { copyProgram, root } from "../package";
import { configure, credentials } from "../scenarios/stand";
import { clusterId } from "./program";
import type { Door } from "./stack";

interface DriverOptions {
  programDirectory: string;
  env: Record<string, string>;
}

/** All that an engine did in the life of a stack, as far as it is not by chance. */
async function life(door: Door, create: (options: DriverOptions) => StackDriver | Promise<StackDriver>) {
  const startTime = new Date("2026-03-01T00:00:00Z");
  const sim = await startSimulator({ credentials: [credentials], timeScale: 0.1, startTime });
  sim.emr.createCluster({ clusterId });
  const programDirectory = copyProgram("test/fixtures/declared");
  writeFileSync(
    join(programDirectory, "Pulumi.yaml"),
    `name: declared\nruntime: nodejs\nplugins:\n  providers:\n    - { name: bigdata, path: ${root} }\n`,
  );
  writeFileSync(join(programDirectory, "package.json"), '{ "name": "declared", "main": "index.js" }\n');
  const env = {
    PULUMI_BIGDATA_TEST_CLOCK: `${sim.url}/_sim/clock`,
    PULUMI_BIGDATA_STATE_DIR: join(programDirectory, ".journal"),
  };
  const stack = await create({ programDirectory, env });
  onTestFinished(async () => {
    await stack.dispose();
    await sim.close();
    rmSync(programDirectory, { recursive: true, force: true });
  });
  await configure(stack, sim.url);
  const record: unknown[] = [];
  const run = async (verb: "preview" | "up" | "refresh" | "destroy") => {
    const { ok, steps, digest } = await stack[verb]();
    const { deployment } = await stack.exportState();
    const state = (deployment.resources ?? []).flatMap(recorded);
    record.push({ verb, ok, steps: (digest?.steps ?? steps).flatMap(shown), state });
  };
  const declare = (count: number, more: object = {}) => {
    const pool = { clusterId, role: "task", count, ...more };
    const yarn = { clusterId, service: "YARN", components: ["NodeManager"], state: "running" };
    const resources = [
      { type: "tencent.EmrNodePool", name: "workers", properties: pool },
      {
        type: "tencent.EmrServiceState",
        name: "yarn",
        properties: { ...yarn, restartTriggers: { key: { $secret: "swordfish-4711" } } },
        options: { dependsOn: [{ $ref: "workers" }] },
      },
    ];
    writeFileSync(join(programDirectory, "resources.json"), JSON.stringify({ door, resources }));
  };
  declare(2);
  for (const verb of ["preview", "up", "up"] as const) await run(verb);
  const [lost] = sim.emr.nodes(clusterId).filter(({ role }) => role === "task");
  sim.emr.removeNode(clusterId, lost?.emrResourceId ?? "");
  for (const verb of ["refresh", "preview", "up"] as const) await run(verb);
  declare(4);
  sim.faults.add({ kind: "partialFill", filled: 1 });
  for (const verb of ["up", "up"] as const) await run(verb);
  declare(2, { yarnNodeLabel: "fast" });
  await run("preview");
  sim.faults.add({ kind: "error", action: "ScaleOutInstance", code: "InvalidParameter" });
  for (const verb of ["up", "up", "destroy"] as const) await run(verb);
  const calls = sim.journal.filter(({ acted }) => acted).map(({ action }) => action);
  return { record, calls };
}

function shown({
  op,
  urn,
  detailedDiff,
  replaceReasons,
}: Pick<Step, "op" | "urn" | "detailedDiff" | "replaceReasons">) {
  if (op === "same" || urn.includes("::pulumi:")) return [];
  return [[op, urn, detailedDiff, replaceReasons]];
}

type State = NonNullable<Awaited<ReturnType<StackDriver["exportState"]>>["deployment"]["resources"]>[number];

function recorded({ type, urn, id, inputs, outputs, initErrors, pendingReplacement }: State) {
  if (type.startsWith("pulumi:")) return [];
  // Ids, addresses, times and ciphertexts are by chance.
  const hide = (key: string, value: unknown) =>
    key === "ciphertext" ||
    (typeof value === "string" && /^(emr-vm-|ins-|10\.|20\d\d-)|[0-9a-f]{12}/.test(value))
      ? "…"
      : value;
  const values = JSON.parse(JSON.stringify({ inputs, outputs }, hide));
  return [
    { name: urn.split("::").at(-1), id, ...values, initErrors: initErrors?.length, pendingReplacement },
  ];
}

test.each<Door>(["dynamic", "plugin"])("%s", { timeout: 400_000 }, async (door) => {
  const [own, real] = [await life(door, createTestEngineDriver), await life(door, createPulumiCliDriver)];
  expect(own.record).toEqual(real.record);
  expect(own.calls).toEqual(real.calls);
});

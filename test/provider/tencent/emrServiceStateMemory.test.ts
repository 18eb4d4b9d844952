// The ledger of restarts: which processes a change of the triggers has restarted, whatever becomes of its calls.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type RecalledService, ServiceMemory } from "../../../provider/tencent/emrServiceStateMemory";
import type { ProcessOutput, ServiceStateInputs } from "../../../provider/tencent/emrServiceStateSchema";

let journalDirectory: string;
beforeEach(() => {
  journalDirectory = mkdtempSync(join(tmpdir(), "service-memory-"));
});
afterEach(() => rmSync(journalDirectory, { recursive: true }));

const inputs: ServiceStateInputs = {
  clusterId: "emr-1",
  service: "YARN",
  state: "running",
  restartTriggers: { config: "2" },
  onDelete: "leave",
};

/** They tell no time of their last restart. */
const processes = ["10.0.0.1", "10.0.0.2"].map(
  (ip): ProcessOutput => ({
    component: "NodeManager",
    ip,
    state: "running",
    maintenance: false,
    health: "",
    lastRestart: "",
  }),
);
const [first, second] = processes as [ProcessOutput, ProcessOutput];

const known: RecalledService = {
  ...inputs,
  restartTriggers: { config: "1" },
  processes,
  runState: "running",
  maintenanceState: "none",
  region: "ap-guangzhou",
  lastRequestId: "request-1",
};

const memory = () => new ServiceMemory({ journalDirectory }, "ap-guangzhou", "update", inputs, known);
const keyOf = ({ component, ip }: ProcessOutput) => `${component}@${ip}`;
const restart = (sentAt: number, accepted: boolean, ...targets: ProcessOutput[]) => ({
  opType: "RestartService",
  sentAt,
  accepted,
  targets: targets.map((process) => ({ key: keyOf(process), last: "" })),
});

test("a restart that is lost leaves what an accepted one has restarted", () => {
  const run = memory();
  expect(run.stillToRestart([first])).toEqual([first]);
  run.rememberOperation(restart(1, false, first));
  run.rememberOperation(restart(1, true, first));
  run.operationDone(restart(1, true, first), processes);
  expect(run.stillToRestart(processes)).toEqual([second]);
  run.rememberOperation(restart(2, false, second));
  run.operationLost(restart(2, false, second));
  expect(run.stillToRestart(processes)).toEqual([second]);
  expect(memory().stillToRestart(processes)).toEqual([second]);
});

test("a restart that is refused leaves what was remembered before it", () => {
  const run = memory();
  run.stillToRestart(processes);
  run.rememberOperation(restart(1, false, first));
  run.rememberOperation(restart(1, true, first));
  run.operationDone(restart(1, true, first), processes);
  run.rememberOperation(restart(2, false, second));
  expect(memory().sentRestart()).toMatchObject({ sentAt: 2 });
  run.operationRefused(restart(2, false, second));
  expect(memory().sentRestart()).toMatchObject({ sentAt: 1 });
  expect(memory().stillToRestart(processes)).toEqual([second]);
  expect([run.pending, run.isRestartRefused]).toEqual([undefined, true]);
});

test("a restart of which no end is known is looked after once by the next run", () => {
  const killed = memory();
  killed.stillToRestart(processes);
  expect(killed.sentRestart()).toBeUndefined();
  killed.rememberOperation(restart(5, false, ...processes));
  const next = memory();
  expect(next.sentRestart()).toMatchObject({ sentAt: 5 });
  next.restartWatched(5);
  expect(next.sentRestart()).toBeUndefined();
});

test("what has ended is not restarted again for the same triggers, whatever has joined since", () => {
  const run = memory();
  run.stillToRestart([first]);
  run.rememberOperation(restart(1, false, first));
  run.rememberOperation(restart(1, true, first));
  run.operationDone(restart(1, true, first), [first]);
  expect(run.isRestartDone).toBe(true);
  expect(run.stillToRestart(processes)).toEqual([]);
});

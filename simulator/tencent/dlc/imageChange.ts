// What switch, upgrade and rollback have in common: who may change what, and how a change goes on.

import { ApiError } from "../errors";
import type { Call } from "./action";
import { type Engine, engineStates, type ImageRecord, type ImageTarget } from "./engine";
import { dlcFaults } from "./faults";
import type { DlcWorld } from "./world";

/** The engine, if its version may be changed by this caller at all. */
export function requireChangeable(dataEngineId: string, { region, world }: Call<unknown>): Engine {
  const engine = world.requireById(dataEngineId, region);
  const { noPermissionCode, standardEnginesVersioned } = world.settings;
  if (!engine.permissions.includes("MODIFY")) throw new ApiError(noPermissionCode);
  if (engine.imageVersionId === null || (engine.engineGeneration === "Native" && !standardEnginesVersioned)) {
    throw new ApiError("ResourceNotFound.DataEngineNotMultiVersion");
  }
  if (engine.engineExecType !== "SQL" && engine.engineExecType !== "BATCH") {
    throw new ApiError("InvalidParameter.DataEngineExecTypeNotMatch");
  }
  return engine;
}

/** Throws unless the engine would take a change now. */
export function requireActive(engine: Engine, world: DlcWorld): void {
  world.requireFree(engine);
  if (engine.change) {
    throw new ApiError(
      world.settings.secondImageChangeCode,
      `The engine ${engine.dataEngineId} is busy: ${engine.change.operate}.`,
    );
  }
  if (engine.state !== engineStates.running) throw new ApiError("ResourceNotFound.DataEngineNotActivity");
  if (engine.runningTasks > 0 && world.settings.tasksRefuseImageChange) {
    throw new ApiError("FailedOperation", `${engine.runningTasks} tasks are running on the engine.`);
  }
}

/** For a change that would lead to where the engine is. */
export function checkSameVersion(world: DlcWorld): { answer: Record<string, never>; changed: false } {
  if (world.settings.sameImageVersion === "error") {
    throw new ApiError("FailedOperation", "The engine has that image version already.");
  }
  return { answer: {}, changed: false };
}

const durationOf = {
  SwitchImage: "switchImage",
  UpgradeImage: "upgradeImage",
  RollbackImage: "rollbackImage",
} as const;

export function startImageChange(
  engine: Engine,
  target: ImageTarget,
  operate: Exclude<ImageRecord["operate"], "InitImage">,
  action: string,
  { world, faults }: Call<unknown>,
): void {
  const { settings } = world;
  const fault = faults.take(dlcFaults.imageChangeFails, action);
  const ends = fault?.ends ?? settings.imageChangeEnds;
  world.startChange(engine, {
    operate,
    lingers: settings.imageChangeLingerMilliseconds,
    duration: settings.durations[durationOf[operate]],
    state: settings.imageChangeState,
    atEnd: () => {
      if (ends === "failed") {
        engine.state = engineStates.failed;
        engine.message = fault?.reason ?? `${operate} failed`;
        return;
      }
      engine.state = engineStates.running;
      engine.message = "";
      if (ends === "newVersion") world.setVersion(engine, target, operate);
    },
  });
}

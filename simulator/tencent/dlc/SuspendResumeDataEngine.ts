import { ApiError } from "../errors";
import { defineAction } from "./action";
import { type Engine, engineStates } from "./engine";
import type { DlcWorld } from "./world";

interface Request {
  DataEngineName: string;
  Operate: string;
}

const sharedMode = 0;

export const SuspendResumeDataEngine = defineAction<Request>(
  {
    DataEngineName: { type: "string", required: true },
    Operate: { type: "string", required: true },
  },
  ({ request, region, world }) => {
    const engine = world.requireByName(request.DataEngineName, region);
    if (!engine.permissions.includes("OPERATE")) {
      throw new ApiError("UnauthorizedOperation.OperateComputingEngine");
    }
    if (engine.mode === sharedMode) throw new ApiError("InvalidParameter.DataEngineClusterTypeNotMatch");
    world.requireFree(engine);
    switch (request.Operate) {
      case "suspend":
        requireState(engine, engineStates.running);
        suspend(engine, world);
        break;
      case "resume":
        requireState(engine, engineStates.suspended);
        resume(engine, world);
        break;
      default:
        throw new ApiError("InvalidParameter", "Invalid parameter: Operate.");
    }
    return { answer: { DataEngineName: engine.dataEngineName }, changed: true };
  },
  { takesLock: true },
);

function requireState(engine: Engine, state: number): void {
  if (engine.change || engine.state !== state) {
    throw new ApiError("FailedOperation", `The operation is not allowed in state ${engine.state}.`);
  }
}

function suspend(engine: Engine, world: DlcWorld): void {
  world.startChange(engine, {
    operate: "SuspendEngine",
    duration: world.settings.durations.suspendEngine,
    // No number is documented for an engine that is about to be suspended.
    state: engine.state,
    atEnd: () => {
      engine.state = engineStates.suspended;
    },
  });
}

function resume(engine: Engine, world: DlcWorld): void {
  world.startChange(engine, {
    operate: "ResumeEngine",
    duration: world.settings.durations.resumeEngine,
    state: engineStates.initialising,
    atEnd: () => {
      engine.state = engineStates.running;
    },
  });
}

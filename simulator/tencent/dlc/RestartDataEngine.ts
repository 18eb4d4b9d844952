import { ApiError } from "../errors";
import { defineAction } from "./action";
import { engineStates } from "./engine";

interface Request {
  DataEngineId: string;
  ForcedOperation?: boolean;
}

export const RestartDataEngine = defineAction<Request>(
  {
    DataEngineId: { type: "string", required: true },
    ForcedOperation: { type: "boolean" },
  },
  ({ request, region, world }) => {
    const engine = world.requireById(request.DataEngineId, region);
    if (!engine.permissions.includes("OPERATE")) throw new ApiError(world.settings.noPermissionCode);
    world.requireFree(engine);
    if (engine.change) throw new ApiError("ResourceNotFound.DataEngineNotActivity");
    if (engine.state !== engineStates.running) throw new ApiError("ResourceNotFound.DataEngineNotRunning");
    if (engine.runningTasks > 0 && !request.ForcedOperation) {
      throw new ApiError("FailedOperation", `${engine.runningTasks} tasks are running on the engine.`);
    }
    engine.runningTasks = 0;
    world.startChange(engine, {
      operate: "RestartEngine",
      duration: world.settings.durations.restartEngine,
      state: engineStates.initialising,
      atEnd: () => {
        engine.state = engineStates.running;
      },
    });
    return { answer: {}, changed: true };
  },
  { takesLock: true },
);

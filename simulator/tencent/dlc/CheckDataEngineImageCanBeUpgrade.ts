import { ApiError } from "../errors";
import { defineAction } from "./action";
import { loosened } from "./loose";

interface Request {
  DataEngineId: string;
}

export const CheckDataEngineImageCanBeUpgrade = defineAction<Request>(
  { DataEngineId: { type: "string", required: true } },
  ({ request, region, world }) => {
    const engine = world.requireById(request.DataEngineId, region);
    if (engine.imageVersionId === null) {
      return { answer: { ChildImageVersionId: "", IsUpgrade: false }, changed: false };
    }
    const image = world.findImage(engine.imageVersionId);
    if (!image) throw new ApiError("ResourceNotFound.ImageVersionNotFound");
    const newest = world.newestChild(image).imageVersionId;
    const isUpgrade = newest !== engine.childImageVersionId;
    const answer = { ChildImageVersionId: isUpgrade ? newest : "", IsUpgrade: isUpgrade };
    return {
      answer: world.settings.looseTypes ? loosened(answer, ["ChildImageVersionId"]) : answer,
      changed: false,
    };
  },
);

import { ApiError } from "../errors";
import { defineAction } from "./action";
import { checkSameVersion, requireActive, requireChangeable, startImageChange } from "./imageChange";

interface Request {
  DataEngineId: string;
}

export const UpgradeDataEngineImage = defineAction<Request>(
  { DataEngineId: { type: "string", required: true } },
  (call) => {
    const { request, world } = call;
    const engine = requireChangeable(request.DataEngineId, call);
    const image = world.findImage(engine.imageVersionId);
    if (!image) throw new ApiError("ResourceNotFound.ImageVersionNotFound");
    requireActive(engine, world);
    const { imageVersionId: childImageVersionId } = world.newestChild(image);
    if (childImageVersionId === engine.childImageVersionId) return checkSameVersion(world);
    const target = { imageVersionId: image.imageVersionId, childImageVersionId };
    startImageChange(engine, target, "UpgradeImage", "UpgradeDataEngineImage", call);
    return { answer: {}, changed: true };
  },
  { takesLock: true },
);

import { ApiError } from "../errors";
import { type Call, defineAction } from "./action";
import { type Engine, imageTypeOf } from "./engine";
import type { ParentImage } from "./image";
import { checkSameVersion, requireActive, requireChangeable, startImageChange } from "./imageChange";

interface Request {
  DataEngineId: string;
  NewImageVersionId: string;
}

const online = 2;

export const SwitchDataEngineImage = defineAction<Request>(
  {
    DataEngineId: { type: "string", required: true },
    NewImageVersionId: { type: "string", required: true },
  },
  (call) => {
    const { request, world } = call;
    if (request.NewImageVersionId === "") {
      throw new ApiError("InvalidParameter.ParameterNotFoundOrBeNone");
    }
    const engine = requireChangeable(request.DataEngineId, call);
    const image = requireImage(engine, call);
    requireActive(engine, world);
    const { imageVersionId } = image;
    const namesMajor = request.NewImageVersionId === imageVersionId;
    const childImageVersionId = namesMajor
      ? world.newestChild(image).imageVersionId
      : request.NewImageVersionId;
    const present = namesMajor ? engine.imageVersionId : engine.childImageVersionId;
    if (request.NewImageVersionId === present) return checkSameVersion(world);
    const target = { imageVersionId, childImageVersionId };
    startImageChange(engine, target, "SwitchImage", "SwitchDataEngineImage", call);
    return { answer: {}, changed: true };
  },
  { takesLock: true },
);

/** The major that is meant, by its own id or, if that is accepted, by that of one of its minors. */
function requireImage(engine: Engine, { request, world }: Call<Request>): ParentImage {
  const { childIdInSwitch, offlineImageCode, otherTypeSwitch } = world.settings;
  const id = request.NewImageVersionId;
  const major = world.findImage(id);
  const image = major ?? world.findParentOf(id);
  if (!image) throw new ApiError("ResourceNotFound.ImageVersionNotFound");
  if (!major && childIdInSwitch !== "accepted") throw new ApiError(childIdInSwitch);
  if (image.engineType !== imageTypeOf(engine) && otherTypeSwitch === "refused") {
    throw new ApiError("InvalidParameter.ImageEngineTypeNotMatch");
  }
  if (image.state !== online) throw new ApiError(offlineImageCode);
  return image;
}

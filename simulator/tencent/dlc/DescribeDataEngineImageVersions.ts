import { ApiError } from "../errors";
import { defineAction } from "./action";
import { type ImageType, imageTypes, type ParentImage } from "./image";
import { loosened } from "./loose";
import type { DlcWorld } from "./world";

interface Request {
  EngineType: string;
  Sort?: string;
  Asc?: boolean;
}

export const DescribeDataEngineImageVersions = defineAction<Request>(
  {
    EngineType: { type: "string", required: true },
    Sort: { type: "string" },
    Asc: { type: "boolean" },
  },
  ({ request, world }) => {
    const { EngineType, Sort = "InsertTime", Asc = false } = request;
    if (EngineType === "") throw new ApiError("InvalidParameter.ParameterNotFoundOrBeNone");
    if (Sort !== "InsertTime" && Sort !== "UpdateTime") {
      throw new ApiError("InvalidParameter", "Invalid parameter: Sort.");
    }
    const { imageVersionsShown } = world.settings;
    const types = typesOf(EngineType, world);
    const timeOf = (image: ParentImage) => (Sort === "InsertTime" ? image.insertedAt : image.updatedAt);
    const images = world
      .images()
      .filter((image) => types.includes(image.engineType))
      .sort((a, b) => (Asc ? 1 : -1) * (timeOf(a) - timeOf(b)));
    return {
      answer: {
        ImageParentVersions: images
          .slice(0, imageVersionsShown ?? images.length)
          .map((image) => row(image, world)),
        Total: images.length,
      },
      changed: false,
    };
  },
);

const sqlTypes: readonly ImageType[] = ["SparkSQL", "PrestoSQL"];

/** The pages differ on SQL engines: one type for both kinds, as the example has it, or one for each. */
function typesOf(engineType: string, { settings }: DlcWorld): readonly ImageType[] {
  if (engineType === "SQL" && settings.sqlImageTypes !== "detailed") return sqlTypes;
  const type = imageTypes.find((one) => one === engineType);
  if (!type || (settings.sqlImageTypes === "SQL" && sqlTypes.includes(type))) {
    throw new ApiError("InvalidParameter.ImageEngineTypeNotMatch");
  }
  return [type];
}

function row(image: ParentImage, world: DlcWorld): Record<string, unknown> {
  const row = {
    ImageVersionId: image.imageVersionId,
    ImageVersion: image.imageVersion,
    Description: image.description,
    IsPublic: image.isPublic,
    EngineType: image.engineType,
    IsSharedEngine: 2,
    State: image.state,
    InsertTime: world.timeText(image.insertedAt),
    UpdateTime: world.timeText(image.updatedAt),
  };
  return world.settings.looseTypes ? loosened(row, ["ImageVersionId", "ImageVersion", "EngineType"]) : row;
}

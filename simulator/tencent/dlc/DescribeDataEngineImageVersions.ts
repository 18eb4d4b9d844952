import { ApiError } from "../errors";
import { defineAction } from "./action";
import { type ImageType, imageTypes, type ParentImage } from "./image";
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
    const types = typesOf(EngineType, world.settings.edition);
    const timeOf = (image: ParentImage) => (Sort === "InsertTime" ? image.insertedAt : image.updatedAt);
    const images = world
      .images()
      .filter((image) => types.includes(image.engineType))
      .sort((a, b) => (Asc ? 1 : -1) * (timeOf(a) - timeOf(b)));
    return {
      answer: { ImageParentVersions: images.map((image) => row(image, world)), Total: images.length },
      changed: false,
    };
  },
);

/** The international page has one name for both kinds of SQL engines. */
function typesOf(engineType: string, edition: "mainland" | "international"): readonly ImageType[] {
  if (engineType === "SQL" && edition === "international") return ["SparkSQL", "PrestoSQL"];
  const type = imageTypes.find((one) => one === engineType);
  if (!type) throw new ApiError("InvalidParameter.ImageEngineTypeNotMatch");
  return [type];
}

function row(image: ParentImage, world: DlcWorld): Record<string, unknown> {
  return {
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
}

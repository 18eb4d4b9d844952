import { ApiError } from "../errors";
import { defineAction } from "./action";
import { engineRow } from "./engineRow";

interface Request {
  DataEngineName: string;
}

export const DescribeDataEngine = defineAction<Request>(
  { DataEngineName: { type: "string", required: true } },
  ({ request, region, world }) => {
    const engine = world.visible(region).find((one) => one.dataEngineName === request.DataEngineName);
    if (!engine) throw new ApiError("ResourceNotFound.DataEngineNotFound");
    return { answer: { DataEngine: engineRow(engine, world) }, changed: false };
  },
);

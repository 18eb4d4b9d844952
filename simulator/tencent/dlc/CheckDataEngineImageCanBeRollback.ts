import { defineAction } from "./action";
import { rollbackOf } from "./rollback";

interface Request {
  DataEngineId: string;
}

export const CheckDataEngineImageCanBeRollback = defineAction<Request>(
  { DataEngineId: { type: "string", required: true } },
  ({ request, region, world }) => {
    const rollback = rollbackOf(world.requireById(request.DataEngineId, region));
    return {
      answer: {
        FromRecordId: rollback?.from.recordId ?? "",
        ToRecordId: rollback?.to.recordId ?? "",
        IsRollback: rollback !== undefined,
      },
      changed: false,
    };
  },
);

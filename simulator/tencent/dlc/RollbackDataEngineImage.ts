import { ApiError } from "../errors";
import { defineAction } from "./action";
import { requireActive, requireChangeable, startImageChange } from "./imageChange";
import { rollbackOf } from "./rollback";

interface Request {
  DataEngineId: string;
  FromRecordId?: string;
  ToRecordId?: string;
}

export const RollbackDataEngineImage = defineAction<Request>(
  {
    DataEngineId: { type: "string", required: true },
    FromRecordId: { type: "string" },
    ToRecordId: { type: "string" },
  },
  (call) => {
    const { request, world } = call;
    const engine = requireChangeable(request.DataEngineId, call);
    const rollback = rollbackOf(engine);
    // An example of the vendor leaves the second id empty.
    const fits = (given: string | undefined, recordId: string) => !given || given === recordId;
    if (
      !rollback ||
      !fits(request.FromRecordId, rollback.from.recordId) ||
      !fits(request.ToRecordId, rollback.to.recordId)
    ) {
      throw new ApiError("InvalidParameter.DataEngineImageOperateNotMatch");
    }
    requireActive(engine, world);
    const { imageVersionId, childImageVersionId } = rollback.to;
    const target = { imageVersionId, childImageVersionId };
    startImageChange(engine, target, "RollbackImage", "RollbackDataEngineImage", call);
    return { answer: {}, changed: true };
  },
  { takesLock: true },
);

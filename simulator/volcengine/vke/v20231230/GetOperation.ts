import { refusal } from "../../errors";
import { defineAction } from "../action";
import { operationRow } from "../rows";

export const GetOperation = defineAction<{ OperationId: string | number }>({
  kind: "read",
  fields: { OperationId: { type: "integerOrString", required: true } },
  handle: ({ region, request: { OperationId }, world }) => {
    const { operationShape, unknownOperation } = world.settings;
    const found = world
      .operations()
      .find((operation) => operation.operationId === String(OperationId) && operation.region === region);
    const visible = found && world.isVisible(found) ? [operationRow(found, world)] : [];
    if (visible.length === 0 && unknownOperation === "refuse") {
      throw refusal(world.settings, "unknownOperation", `The operation ${OperationId} does not exist.`);
    }
    const list = { Items: visible, TotalCount: visible.length, NextToken: 0, MaxResults: 10 };
    return { result: operationShape === "items" ? list : (visible[0] ?? {}), changed: false };
  },
});

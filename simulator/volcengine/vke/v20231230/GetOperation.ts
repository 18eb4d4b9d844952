import { defineAction } from "../../action";
import { refusal } from "../../errors";
import { operationRow } from "../rows";

export const GetOperation = defineAction<{ OperationId: string | number }>({
  kind: "read",
  fields: { OperationId: { type: "integerOrString", required: true } },
  handle: ({ region, request: { OperationId }, vke }) => {
    const { operationShape, unknownOperation } = vke.settings;
    const found = vke
      .operations()
      .find((operation) => operation.operationId === String(OperationId) && operation.region === region);
    const visible = found && vke.isVisible(found) ? [operationRow(found, vke)] : [];
    if (visible.length === 0 && unknownOperation === "refuse") {
      throw refusal(vke.settings, "unknownOperation", `The operation ${OperationId} does not exist.`);
    }
    const list = { Items: visible, TotalCount: visible.length, NextToken: 0, MaxResults: 10 };
    return { result: operationShape === "items" ? list : (visible[0] ?? {}), changed: false };
  },
});

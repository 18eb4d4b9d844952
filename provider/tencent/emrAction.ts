// One action of the EMR API.
import type { z } from "zod";
import type { TencentAction } from "./client";

export function emrAction<Q extends z.ZodType, A extends z.ZodType>(
  name: string,
  repeat: TencentAction["repeat"],
  request: Q,
  response: A,
): TencentAction<Q, A> {
  return { name, product: "EMR", service: "emr", version: "2019-01-03", repeat, request, response };
}

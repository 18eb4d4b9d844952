// What a function is: a question to a cloud that changes nothing, with its inputs and outputs as schemas.
import type { z } from "zod";
import type { Context } from "../base/context";
import type { Rule } from "./schema";

export interface ProviderFunction<
  Inputs extends z.ZodObject = z.ZodObject,
  Outputs extends z.ZodObject = z.ZodObject,
> {
  /** `<cloud>:<name>`, such as `tencent:getEmrNodes`. */
  token: string;
  /** What it answers, for people, in Markdown. */
  description: string;
  inputs: Inputs;
  outputs: Outputs;
  /** What several inputs have to keep together. */
  rules?: readonly Rule<z.output<Inputs>>[];
  call(context: Context, inputs: z.output<Inputs>): Promise<z.output<Outputs>>;
}

/** Keeps the types of a function's schemas together. */
export function defineFunction<Inputs extends z.ZodObject, Outputs extends z.ZodObject>(
  given: ProviderFunction<Inputs, Outputs>,
): ProviderFunction<Inputs, Outputs> {
  return given;
}

/** The functions of a product. They are reached by token with whatever is sent, so that their types end here. */
export function allOf(functions: readonly object[]): readonly ProviderFunction[] {
  return functions as readonly ProviderFunction[];
}

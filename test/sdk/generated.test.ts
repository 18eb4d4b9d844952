// What is generated from the schemas is up to date, and says what the schemas say.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Output } from "@pulumi/pulumi";
import { expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { NodePoolState, nodePoolInputs } from "../../provider/tencent/emr/nodePool/schema";
import { generatedFiles } from "../../scripts/generate";
import type { OutputsOf } from "../../sdk/dynamic";
import type { EmrNodePool, EmrNodePoolArgs } from "../../sdk/tencent";
import { root } from "../package";

test.each([...generatedFiles()])("%s is fresh (npm run generate writes it anew)", (path, content) => {
  expect(readFileSync(join(root, path), "utf8")).toBe(content);
});

test("the class takes what the schema takes, and gives what state holds", () => {
  type Given = z.input<typeof nodePoolInputs>;
  type State = NodePoolState & { inputsFound: string[] };
  type Plain<T> = T extends (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Name in keyof T]: Plain<Exclude<T[Name], undefined>> }
      : T;
  type Held = { [Name in keyof Required<State>]: Plain<State[Name]> };
  type Told = {
    [Name in keyof OutputsOf<EmrNodePool>]: OutputsOf<EmrNodePool>[Name] extends Output<infer Value>
      ? Plain<Value>
      : never;
  };
  // Checked when types are: a difference fails `npm run types`.
  expectTypeOf<keyof EmrNodePoolArgs>().toEqualTypeOf<keyof Given>();
  expectTypeOf<Given>().toExtend<EmrNodePoolArgs>();
  expectTypeOf<keyof Told>().toEqualTypeOf<keyof Held>();
  expectTypeOf<Held>().toExtend<Told>();
  expectTypeOf<Told>().toExtend<Held>();
});

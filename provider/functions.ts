// Every function of the provider, by token, for what is about all of them.
import type { ProviderFunction } from "./core/function";
import { functions as huawei } from "./huawei/functions";
import { functions as tencent } from "./tencent/functions";
import { functions as volcengine } from "./volcengine/functions";

export const functions: ReadonlyMap<string, ProviderFunction> = new Map(
  [...tencent, ...huawei, ...volcengine].map((each) => [each.token, each]),
);

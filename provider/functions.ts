// Every function of the provider, by token, for what is about all of them.
import type { ProviderFunction } from "./core/function";
import { functions as ddm } from "./huawei/ddm/functions";
import { functions as dlc } from "./tencent/dlc/functions";
import { functions as tencentEmr } from "./tencent/emr/functions";
import { functions as volcengineEmr } from "./volcengine/emr/functions";

export const functions: ReadonlyMap<string, ProviderFunction> = new Map(
  [...tencentEmr, ...dlc, ...ddm, ...volcengineEmr].map((each) => [each.token, each]),
);

// The functions of Huawei Cloud.
import type { ProviderFunction } from "../core/function";
import { getDdmFlavors, getDdmGroups, getDdmInstances } from "./ddm/functions";

// They are reached by token with whatever is sent, so that their types end here.
export const functions = [
  getDdmInstances,
  getDdmGroups,
  getDdmFlavors,
] as unknown as readonly ProviderFunction[];

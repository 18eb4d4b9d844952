// The functions of Volcengine.
import type { ProviderFunction } from "../core/function";
import { getVkeApplications, getVkeComponents } from "./emr/functions";

// They are reached by token with whatever is sent, so that their types end here.
export const functions = [getVkeApplications, getVkeComponents] as unknown as readonly ProviderFunction[];

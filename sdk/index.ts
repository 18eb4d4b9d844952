/** Day-2 operations of big-data clusters as Pulumi resources. */
export * as huawei from "./huawei";
export * as types from "./plugin/types";
export { RunState, RunStateOnDelete } from "./plugin/types/enums";
export * as tencent from "./tencent";
export * as volcengine from "./volcengine";

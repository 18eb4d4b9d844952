/** Day-2 operations of big-data clusters as Pulumi resources. */
export * as huawei from "./huawei";
export * as tencent from "./tencent";
export * as volcengine from "./volcengine";

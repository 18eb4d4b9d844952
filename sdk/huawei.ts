export * from "./huaweiClasses";
export * from "./huaweiFunctions";
export * from "./plugin/types/enums/huawei";

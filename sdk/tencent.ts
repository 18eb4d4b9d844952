export * from "./plugin/types/enums/tencent";
export * from "./tencentClasses";
export * from "./tencentFunctions";

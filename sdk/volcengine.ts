export * from "./plugin/types/enums/volcengine";
export * from "./volcengineClasses";
export * from "./volcengineFunctions";

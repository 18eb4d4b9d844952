// Every resource of the provider, by type, for what is about all of them.
import type { Resource } from "./core/resource";
import { resources as ddm } from "./huawei/ddm/resources";
import { resources as dlc } from "./tencent/dlc/resources";
import { resources as tencentEmr } from "./tencent/emr/resources";
import { resources as volcengineEmr } from "./volcengine/emr/resources";

export const resources: ReadonlyMap<string, Resource> = new Map(
  [...tencentEmr, ...dlc, ...ddm, ...volcengineEmr].map((resource) => [resource.type, resource]),
);

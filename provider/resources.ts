// Every resource of the provider, by type, for what is about all of them.
import type { Resource } from "./core/resource";
import { resources as huawei } from "./huawei/resources";
import { resources as tencent } from "./tencent/resources";
import { resources as volcengine } from "./volcengine/resources";

export const resources: ReadonlyMap<string, Resource> = new Map(
  [...tencent, ...huawei, ...volcengine].map((resource) => [resource.type, resource]),
);

// The resources of Huawei Cloud.
import { registered } from "../core/registered";
import { ddmNodeGroup } from "./ddm/nodeGroup/resource";

export const resources = [registered(ddmNodeGroup)];

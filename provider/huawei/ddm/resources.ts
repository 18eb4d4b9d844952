// The resources of DDM.
import { registered } from "../../core/registered";
import { ddmNodeGroup } from "./nodeGroup/resource";

export const resources = [registered(ddmNodeGroup)];

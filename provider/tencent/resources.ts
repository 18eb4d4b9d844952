// The resources of Tencent Cloud.
import { registered } from "../core/registered";
import { dlcEngineImage } from "./dlc/engineImage/resource";
import { emrNodePool } from "./emr/nodePool/resource";
import { emrServiceState } from "./emr/serviceState/resource";

export const resources = [registered(emrNodePool), registered(emrServiceState), registered(dlcEngineImage)];

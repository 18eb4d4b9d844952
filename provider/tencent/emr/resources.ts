// The resources of EMR.
import { registered } from "../../core/registered";
import { emrNodePool } from "./nodePool/resource";
import { emrServiceState } from "./serviceState/resource";

export const resources = [registered(emrNodePool), registered(emrServiceState)];

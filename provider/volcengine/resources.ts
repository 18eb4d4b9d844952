// The resources of Volcengine.
import { registered } from "../core/registered";
import { emrApplicationState } from "./emr/applicationState/resource";

export const resources = [registered(emrApplicationState)];

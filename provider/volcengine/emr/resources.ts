// The resources of EMR on VKE.
import { registered } from "../../core/registered";
import { emrApplicationState } from "./applicationState/resource";

export const resources = [registered(emrApplicationState)];

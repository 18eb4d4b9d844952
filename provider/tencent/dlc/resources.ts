// The resources of DLC.
import { registered } from "../../core/registered";
import { dlcEngineImage } from "./engineImage/resource";

export const resources = [registered(dlcEngineImage)];

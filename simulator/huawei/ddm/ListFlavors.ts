import { parameterError } from "../errors";
import { defineAction } from "./action";
import { defaultEngineId } from "./flavor";
import { type PageRequest, page, pageFields } from "./page";

interface Request extends PageRequest {
  engine_id: string;
}

export const ListFlavors = defineAction<Request>({
  service: "ddm",
  route: "GET /v2/{project_id}/flavors",
  fields: { engine_id: { type: "string", required: true }, ...pageFields },
  handle: (call) => {
    const { world, request } = call;
    if (request.engine_id !== defaultEngineId) throw parameterError("engine_id does not exist.");
    const groups = (["X86", "ARM"] as const).map((groupType) => {
      const all = world.flavors.filter(({ architecture }) => architecture === groupType);
      const defaultLimit = world.settings.edition === "mainland" ? 128 : 10;
      const { offset, limit, items } = page(all, call, defaultLimit);
      const computeFlavors = items.map((flavor) => ({
        id: flavor.id,
        typeCode: "hws.resource.type.ddm",
        code: flavor.code,
        iaasCode: flavor.code.replace("ddm.", ""),
        cpu: String(flavor.cpu),
        mem: String(flavor.memory),
        maxConnections: null,
        serverType: null,
        architecture: null,
        azStatus: flavor.zones,
        regionStatus: "normal",
        groupType,
        dbType: null,
        extendFields: {},
      }));
      return { groupType, offset, limit, total: all.length, computeFlavors };
    });
    return { answer: { computeFlavorGroups: groups }, changed: false };
  },
});

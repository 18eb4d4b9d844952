import { parameterError } from "../errors";
import { defineAction } from "./action";
import { defaultEngineId } from "./flavor";
import { type PageRequest, page, pageFields } from "./page";

interface Request extends PageRequest {
  engine_id?: string;
  engine_version?: string;
  available_zones?: string;
}

export const ListFlavorsV3 = defineAction<Request>({
  service: "ddm",
  route: "GET /v3/{project_id}/flavors",
  fields: {
    engine_id: { type: "string" },
    engine_version: { type: "string" },
    available_zones: { type: "string" },
    ...pageFields,
  },
  handle: (call) => {
    const { world, request } = call;
    const { engine_id: engineId, engine_version: engineVersion } = request;
    if (engineId === undefined && engineVersion === undefined) {
      throw parameterError("engine_id or engine_version is required.");
    }
    if (engineId !== undefined && engineId !== defaultEngineId) {
      throw parameterError("engine_id does not exist.");
    }
    const wanted = request.available_zones?.split(",");
    const groups = (["X86", "ARM"] as const).map((group_type) => {
      const all = world.flavors.filter(({ architecture }) => architecture === group_type);
      const { offset, limit, items } = page(all, call);
      const flavors = items.map((flavor) => ({
        id: flavor.id,
        spec_code: flavor.code,
        vcpus: String(flavor.cpu),
        ram: String(flavor.memory),
        az_infos: Object.entries(flavor.zones)
          .filter(([zone]) => wanted === undefined || wanted.includes(zone))
          .map(([code, status]) => ({ code, description: code, status, support_ipv6: false })),
      }));
      return { group_type, offset, limit, total: all.length, flavors };
    });
    return { answer: { flavor_groups: groups }, changed: false };
  },
});

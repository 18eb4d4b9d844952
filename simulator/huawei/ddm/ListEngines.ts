import { defineAction } from "./action";
import { defaultEngineId, defaultZones } from "./flavor";

export const ListEngines = defineAction<object>({
  service: "ddm",
  route: "GET /v2/{project_id}/engines",
  fields: {},
  handle: () => {
    const supportAzs = defaultZones.map((code) => ({ code, name: code, favored: false }));
    const engine = { id: defaultEngineId, name: "ddm", version: "3.0.8", supportAzs };
    return { answer: { offset: 0, limit: 10, total: 1, engineGroups: [engine] }, changed: false };
  },
});

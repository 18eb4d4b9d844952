import { defineAction } from "../action";
import { type PageRequest, page, pageFields } from "../page";
import { configRow } from "../rows";
import { requireApplication } from "../target";

interface Request extends PageRequest {
  ClusterId: string;
  ApplicationName: string;
}

export const ListConfigs = defineAction<Request>({
  kind: "read",
  fields: {
    ClusterId: { type: "string", required: true },
    ApplicationName: { type: "string", required: true },
    ...pageFields,
  },
  handle: ({ region, request, version, world }) => {
    const cluster = world.require(request.ClusterId, { region, version });
    const { configs } = requireApplication(cluster, request.ApplicationName, world);
    const rows = configs.map((config) => configRow(config, world));
    return { result: page(rows, request, world.settings), changed: false };
  },
});

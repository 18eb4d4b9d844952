import { defineAction } from "../action";
import { type PageRequest, page, pageFields } from "../page";
import { applicationRow } from "../rows";

interface Request extends PageRequest {
  ClusterId: string;
}

export const ListApplications = defineAction<Request>({
  kind: "read",
  fields: { ClusterId: { type: "string", required: true }, ...pageFields },
  handle: ({ region, request, version, world }) => {
    const { applications, clusterId } = world.require(request.ClusterId, { region, version });
    const rows = [...applications.values()].map((application) =>
      applicationRow(application, clusterId, world),
    );
    return { result: page(rows, request, world.settings), changed: false };
  },
});

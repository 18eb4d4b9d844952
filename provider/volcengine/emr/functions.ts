// volcengine.getVkeApplications, volcengine.getVkeComponents: what runs on an EMR on VKE cluster, as far as it shows.
import { z } from "zod";
import { StoppedError } from "../../base/errors";
import { allOf, defineFunction } from "../../core/function";
import { askedPlace } from "../../core/placeInputs";
import type { VolcengineClient } from "../client";
import { volcengineClient } from "../config";
import { applicationStateInputs, instance } from "./applicationState/schema";
import { allApplications, findCluster, viewApplication } from "./applications";

const clusterId = applicationStateInputs.shape.clusterId.describe(
  "Id of the virtual cluster. API: `ClusterId`.",
);

async function requireCluster(client: VolcengineClient, id: string): Promise<{ state: string }> {
  const found = await findCluster(client, id);
  if (found) return found;
  throw new StoppedError(
    `EMR on VKE cluster ${id} does not exist in ${client.region}: check clusterId and the region.`,
  );
}

const clusterState = z
  .string()
  .describe("State of the cluster in the cloud's words, such as `RUNNING`. API: `ClusterState`.");
const region = z.string().describe("Region of the cluster.");

const application = z.object({
  name: z.string().describe("Name of the application, as the cloud spells it. API: `ApplicationName`."),
  version: z.string().describe("Its version; empty where it is not told. API: `ApplicationVersion`."),
  state: z.string().describe("State in the cloud's words, such as `INSTALLED`. API: `ApplicationState`."),
  createTime: z
    .number()
    .optional()
    .describe(
      "When it was installed, as the cloud counts it since the epoch: milliseconds, by what is known; absent where it is not told. API: `CreateTime`.",
    ),
  updateTime: z.number().optional().describe("When it was last changed, likewise. API: `UpdateTime`."),
});

export const getVkeApplications = defineFunction({
  token: "volcengine:getVkeApplications",
  description: "The applications of a Volcengine EMR on VKE cluster.",
  inputs: z.strictObject({ ...askedPlace, clusterId }),
  outputs: z.object({
    applications: z
      .array(application)
      .describe("The applications, in the order of their names. API: `Items`."),
    clusterState,
    region,
  }),
  async call(context, { clusterId: id, ...place }) {
    const client = volcengineClient(context, place);
    const { state } = await requireCluster(client, id);
    const applications = (await allApplications(client, id))
      .map((each) => ({
        name: each.applicationName,
        version: each.applicationVersion ?? "",
        state: each.applicationState ?? "",
        createTime: each.createTime,
        updateTime: each.updateTime,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return { applications, clusterState: state, region: client.region };
  },
});

export const getVkeComponents = defineFunction({
  token: "volcengine:getVkeComponents",
  description: `The instances of the components of an application on a Volcengine EMR on VKE cluster.

Not every account can list them: \`driftVisible\` says whether, and \`reason\` why not.`,
  inputs: z.strictObject({
    ...askedPlace,
    clusterId,
    application: applicationStateInputs.shape.application.describe(
      "Name of the application, such as `Ray`, in any case. API: `ApplicationName`.",
    ),
  }),
  outputs: z.object({
    application: z
      .string()
      .describe("Name of the application, as the cloud spells it. API: `ApplicationName`."),
    applicationState: z
      .string()
      .describe(
        "State of the application, such as `INSTALLED`; empty where it cannot be seen. API: `ApplicationState`.",
      ),
    components: z
      .array(z.string())
      .describe("Components that have instances, by name. API: `ComponentName`."),
    instances: z
      .array(instance)
      .describe(
        "The instances, in the order of component, name and namespace; empty where the account cannot list them.",
      ),
    driftVisible: z
      .boolean()
      .describe("Whether the account can list the instances, and so see what somebody else does to them."),
    reason: z.string().describe("Why it cannot; empty where it can."),
    clusterState,
    region,
  }),
  async call(context, { clusterId: id, application: name, ...place }) {
    const client = volcengineClient(context, place);
    const { state } = await requireCluster(client, id);
    const view = await viewApplication(client, id, name);
    if ("others" in view) {
      const others = view.others.length > 0 ? view.others.sort().join(", ") : "none";
      throw new StoppedError(`application: ${id} has no application ${name}; it has: ${others}.`);
    }
    const instances = view.instances ?? [];
    return {
      application: view.application,
      applicationState: view.applicationState,
      components: [...new Set(instances.map(({ component }) => component))].sort(),
      instances,
      driftVisible: view.instances !== undefined,
      reason: view.reason,
      clusterState: state,
      region: client.region,
    };
  },
});

export const functions = allOf([getVkeApplications, getVkeComponents]);

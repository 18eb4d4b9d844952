import { defineAction } from "../../action";
import { refusal } from "../../errors";
import { misfortuneOf } from "../operations";
import { acceptedRow } from "../rows";
import { chooseInstances, requireApplication, requireComponent } from "../target";

interface Request {
  ClusterId: string;
  ApplicationName: string;
  ComponentName: string;
  Namespace: string;
  ComponentInstanceName?: string;
}

export const RebootComponentInstance = defineAction<Request>({
  kind: "write",
  fields: {
    ClusterId: { type: "string", required: true },
    ApplicationName: { type: "string", required: true },
    ComponentName: { type: "string", required: true },
    Namespace: { type: "string", required: true },
    ComponentInstanceName: { type: "string" },
  },
  handle: ({ action, faults, region, request, version, vke }) => {
    const { settings } = vke;
    const { ComponentInstanceName: name, Namespace: namespace } = request;
    const cluster = vke.require(request.ClusterId, { region, version });
    vke.requireReady(cluster);
    const application = requireApplication(cluster, request.ApplicationName, vke);
    const component = requireComponent(application, request.ComponentName, vke);
    const inNamespace = component.filter((instance) => instance.namespace === namespace);
    if (inNamespace.length === 0) {
      throw refusal(settings, "unknownRelease", `The component has no instance in namespace ${namespace}.`);
    }
    const operation = vke.accept(cluster, {
      actionName: "restart",
      by: "caller",
      instances: chooseInstances(inNamespace, name === undefined ? [] : [name], vke),
      configs: [],
      params: [],
      misfortune: () => misfortuneOf(faults, action),
    });
    return { result: acceptedRow(operation, vke), changed: true };
  },
});

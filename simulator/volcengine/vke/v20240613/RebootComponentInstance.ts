import { refusal } from "../../errors";
import { defineAction } from "../action";
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
  takesLock: true,
  fields: {
    ClusterId: { type: "string", required: true },
    ApplicationName: { type: "string", required: true },
    ComponentName: { type: "string", required: true },
    Namespace: { type: "string", required: true },
    ComponentInstanceName: { type: "string" },
  },
  handle: ({ action, faults, region, request, version, world }) => {
    const { settings } = world;
    const { ComponentInstanceName: name, Namespace: namespace } = request;
    const cluster = world.require(request.ClusterId, { region, version });
    world.requireReady(cluster);
    const application = requireApplication(cluster, request.ApplicationName, world);
    const component = requireComponent(application, request.ComponentName, world);
    const inNamespace = component.filter((instance) => instance.namespace === namespace);
    if (inNamespace.length === 0) {
      throw refusal(settings, "unknownRelease", `The component has no instance in namespace ${namespace}.`);
    }
    const operation = world.accept(cluster, {
      actionName: "restart",
      by: "caller",
      instances: chooseInstances(inNamespace, name === undefined ? [] : [name], world),
      configs: [],
      params: [],
      misfortune: () => misfortuneOf(faults, action),
    });
    return { result: acceptedRow(operation, world), changed: true };
  },
});

import { refusal } from "../../errors";
import { missing } from "../../shape";
import { defineAction } from "../action";
import type { VkeCluster, VkeInstance } from "../cluster";
import type { ActionName } from "../operation";
import { misfortuneOf } from "../operations";
import { checkConfigs, checkKeys, configsOf, type Param, releasesOf } from "../params";
import { acceptedRow } from "../rows";
import { chooseInstances, requireApplication, requireComponent } from "../target";
import type { VkeWorld } from "../world";

interface Request {
  ClusterId: string;
  ActionName: string;
  ActionScope?: string;
  Components?: { ApplicationName: string; ComponentNames?: string[] }[];
  ActionParams?: Param[];
}

export const RunApplicationAction = defineAction<Request>({
  kind: "write",
  takesLock: true,
  fields: {
    ClusterId: { type: "string", required: true },
    ActionName: { type: "string", required: true },
    ActionScope: { type: "string" },
    Components: {
      type: "objects",
      fields: {
        ApplicationName: { type: "string", required: true },
        ComponentNames: { type: "strings" },
      },
    },
    ActionParams: {
      type: "objects",
      fields: { Key: { type: "string", required: true }, Value: { type: "string" } },
    },
  },
  handle: ({ action, faults, region, request, version, world }) => {
    const { settings } = world;
    const cluster = world.require(request.ClusterId, { region, version });
    const actionName = verbOf(request.ActionName, world);
    const params = request.ActionParams ?? [];
    checkKeys(params, settings);
    const releases = releasesOf(params, settings);
    const configs = configsOf(params, actionName, settings);
    world.requireReady(cluster);
    const instances = componentsOf(request, cluster, world).flatMap((component) =>
      chooseInstances(component, releases, world),
    );
    const applications = [...new Set(instances.map(({ application }) => application))];
    checkConfigs(configs, cluster, applications, settings);
    const operation = world.accept(cluster, {
      actionName,
      by: "caller",
      instances,
      configs,
      params: params.map(({ Key, Value = "" }) => ({ Key, Value })),
      misfortune: () => misfortuneOf(faults, action),
    });
    return { result: acceptedRow(operation, world), changed: true };
  },
});

function verbOf(given: string, { settings }: VkeWorld): ActionName {
  const name = settings.actionNameCase === "ignored" ? given.toLowerCase() : given;
  if (name !== "start" && name !== "stop" && name !== "restart") {
    throw refusal(settings, "verb", `The action ${given} does not exist.`);
  }
  if (name === "stop" && !settings.stopAccepted) {
    throw refusal(settings, "stop", "The action stop is not supported.");
  }
  return name;
}

/** The instances of each component that is meant. */
function componentsOf(request: Request, cluster: VkeCluster, world: VkeWorld): VkeInstance[][] {
  const { settings } = world;
  const { ActionScope: scope, Components: given = [] } = request;
  if (scope === undefined && settings.missingScope === "refuse") throw missing(settings, "ActionScope");
  const whole = scope === "APPLICATION" && settings.applicationScope === "accepted";
  if (scope !== undefined && scope !== "COMPONENT" && !whole) {
    throw refusal(settings, "scope", `The scope ${scope} does not exist.`);
  }
  if (given.length === 0) throw missing(settings, "Components");
  return given.flatMap(({ ApplicationName, ComponentNames: names = [] }, index) => {
    const application = requireApplication(cluster, ApplicationName, world);
    if (whole) return [...application.components.values()];
    if (names.length === 0) throw missing(settings, `Components.${index + 1}.ComponentNames`);
    return names.map((name) => requireComponent(application, name, world));
  });
}

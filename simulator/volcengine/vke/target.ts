// Which instances a call means.
import { refusal } from "../errors";
import type { VkeApplication, VkeCluster, VkeInstance } from "./cluster";
import { means } from "./spelling";
import type { VkeWorld } from "./world";

export function requireApplication(
  cluster: VkeCluster,
  given: string,
  { settings }: VkeWorld,
): VkeApplication {
  for (const application of cluster.applications.values()) {
    if (means(given, application.name, "applicationNames", settings)) return application;
  }
  throw refusal(settings, "application", `The application ${given} does not exist.`);
}

export function requireComponent(application: VkeApplication, given: string, world: VkeWorld): VkeInstance[] {
  for (const [name, instances] of application.components) {
    if (means(given, name, "componentNames", world.settings)) return instances;
  }
  throw refusal(world.settings, "component", `${application.name} has no component ${given}.`);
}

/** Those of a component's instances that `releases` names, or all that no name is needed for. */
export function chooseInstances(
  instances: readonly VkeInstance[],
  releases: readonly string[],
  { settings }: VkeWorld,
): VkeInstance[] {
  const [first] = instances;
  if (!first) throw refusal(settings, "unknownRelease", "The component has no instance.");
  if (releases.length === 0) {
    if (instances.length === 1 || settings.missingRelease === "all") return [...instances];
    if (settings.missingRelease === "first") return [first];
    throw refusal(
      settings,
      "missingRelease",
      "The component has several instances: releaseName is required.",
    );
  }
  return releases.flatMap((release) => {
    const named = instances.filter(({ name }) => name === release);
    if (named.length === 0) throw refusal(settings, "unknownRelease", `There is no release ${release}.`);
    if (named.length === 1 || settings.ambiguousRelease === "all") return named;
    if (settings.ambiguousRelease === "first") return named.slice(0, 1);
    throw refusal(settings, "unknownRelease", `The release ${release} is in several namespaces.`);
  });
}

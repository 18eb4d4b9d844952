// Every resource of the provider, by type.
import { recordResolved } from "./core/resolvedInputs";
import type { Open, Resource } from "./core/resource";
import { keepWhatWasTakenOver } from "./core/takeover";
import { ddmNodeGroup } from "./huawei/ddm/nodeGroup/resource";
import { dlcEngineImage } from "./tencent/dlc/engineImage/resource";
import { emrNodePool } from "./tencent/emr/nodePool/resource";
import { emrServiceState } from "./tencent/emr/serviceState/resource";
import { emrApplicationState } from "./volcengine/emr/applicationState/resource";

/** How long a refresh goes on looking where the program sets no limit, in milliseconds. */
const refreshPatience = 300_000;

/** The same resource, which looks again for a while where a cloud does not answer. */
const lookingAgain = (resource: Resource): Resource => ({
  ...resource,
  async read(context, id, state) {
    // A limit that the program sets is kept to elsewhere.
    const patience = context.limit ? Number.POSITIVE_INFINITY : refreshPatience;
    const deadline = {
      at: (await context.clock.now()) + patience,
      hint: "Run `pulumi refresh` again later.",
    };
    return resource.read({ ...context, deadline }, id, state);
  },
});

// Handlers are reached by name with whatever the engine sends, so that their types end here.
const all = [
  emrNodePool as unknown as Resource,
  emrServiceState as unknown as Resource,
  dlcEngineImage as unknown as Resource,
  ddmNodeGroup as unknown as Resource,
  emrApplicationState as unknown as Resource,
];

export const resources: ReadonlyMap<string, Resource> = new Map(
  all.map((resource) => [resource.type, recordResolved(keepWhatWasTakenOver(lookingAgain(resource)))]),
);

/** Everything that runs on this machine have left open, with the type of its resource. */
export function openOn(directory: string): (Open & { type: string })[] {
  return [...resources.values()].flatMap(({ type, openOn: own }) =>
    own(directory).map((open) => ({ type, ...open })),
  );
}

export function resourceOf(type: string): Resource {
  const resource = resources.get(type);
  if (!resource)
    throw new Error(`pulumi-bigdata has no resource ${type}; it has ${[...resources.keys()].join(", ")}.`);
  return resource;
}

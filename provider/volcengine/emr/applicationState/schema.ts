// What the run-state of an application's components may be told, and what it tells.
import { z } from "zod";
import type { CheckFailure } from "../../../base/errors";
import { choice, named } from "../../../core/choice";
import { input, inputObject, output, part } from "../../../core/fields";
import { profileInput, regionInput } from "../../../core/placeInputs";
import { runState, runStateOnDelete } from "../../../core/runState";
import type { Rule } from "../../../core/schema";
import { timeoutProblems, timeoutsInput } from "../../../core/timeouts";

const config = z.strictObject({
  file: z.string().min(1).describe("Configuration file, such as `ray-values.yaml`. API: `configFileName`."),
  key: z.string().min(1).describe("Item in the file. API: `configItemKey`."),
  value: part({ secret: true }, z.string().describe("Value of the item. API: `configItemValue`.")),
});

const actionNames = z.strictObject({
  start: z.string().min(1).optional().describe("Default `start`."),
  stop: z.string().min(1).optional().describe("Default `stop`, which the API's page does not show."),
  restart: z.string().min(1).optional().describe("Default `restart`."),
});

const caseless = (name: string) => name.toLowerCase();

/** Params that have inputs of their own. */
const ownParams = ["releaseName", "applicationConfigs"];

export const applicationStateInputs = inputObject({
  region: regionInput,
  profile: profileInput,
  clusterId: input(
    { change: "replaces" },
    z
      .string()
      .regex(/^emr-[0-9A-Za-z-]+$/, "must be the id of an EMR on VKE cluster, such as emr-0123")
      .describe("Id of the virtual cluster. Changing it replaces the resource. API: `ClusterId`."),
  ),
  application: input(
    { change: "replaces", means: caseless },
    z
      .string()
      .min(1)
      .describe(
        "Name of the application, such as `Ray`, in any case. Changing it replaces the resource. API: `ApplicationName`.",
      ),
  ),
  components: input(
    { change: "inPlace", set: true },
    z
      .array(part({ means: caseless }, z.string().min(1)))
      .min(1)
      .optional()
      .describe(
        "Components of the application, such as `RayCluster`. Default: all, where the account can list them. API: `ComponentNames`.",
      ),
  ),
  releaseName: input(
    { change: "replaces" },
    z
      .string()
      .min(1)
      .optional()
      .describe(
        "Which instance of the component is meant; required where it has several, such as the clusters of `RayCluster`. Needs exactly one in `components`. Changing it replaces the resource. API: `ActionParams` `releaseName`.",
      ),
  ),
  state: input(
    { change: "inPlace" },
    runState.describe("What the components shall be. API: `ActionName` `start` and `stop`."),
  ),
  actualState: input(
    { change: "inPlace" },
    runState
      .optional()
      .describe(
        "What the components are, as somebody has seen in the console, where the account cannot list them. Counts once, when it is set or changed: until the next action, and as the answer to what came of an earlier one. Take it out again after that.",
      ),
  ),
  restartTriggers: input(
    { change: "inPlace" },
    z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "Any values, such as a checksum of an image: a change restarts the components. API: `ActionName` `restart`.",
      ),
  ),
  applicationConfigs: input(
    { change: "inPlace", secret: true },
    z
      .array(config)
      .optional()
      .describe(
        "Configuration that comes with a start or a restart, and is secret as a whole. A change restarts components that run. An item that is taken out stays in the cluster as it is. API: `ActionParams` `applicationConfigs`.",
      ),
  ),
  actionParams: input(
    { change: "later" },
    z
      .record(z.string(), z.string())
      .optional()
      .describe("Further parameters of the action, by key. API: `ActionParams`."),
  ),
  actionNames: input(
    { change: "later" },
    actionNames
      .optional()
      .describe("Names of the actions, for editions of the API that call them otherwise. API: `ActionName`."),
  ),
  onDelete: input(
    { change: "later" },
    runStateOnDelete
      .default("leave")
      .describe(
        "What deleting the resource does to the components: `leave` them as they are, or bring them to `running` or `stopped`. Default `leave`.",
      ),
  ),
  timeouts: timeoutsInput("30m"),
});

export type ApplicationStateInputs = z.output<typeof applicationStateInputs>;

export const instance = named(
  "ComponentInstance",
  "An instance of a component of an application.",
  z.object({
    component: z.string().describe("Name of the component."),
    name: z.string().describe("Name of the instance, where the component can have several."),
    namespace: z.string().describe("Kubernetes namespace, where the API tells it."),
    state: z.string().describe("State in the cloud's words, such as `STARTED`."),
    startTime: z.string().describe("When it was started, as the cloud writes it; empty where it does not."),
  }),
);

/** An action of which it is not known yet how it ended. */
export const pendingAction = z.object({
  id: z.string().describe("Name that the provider has given it."),
  component: z.string().describe("Component that it is for."),
  releaseName: z.string().describe("Instance that it is for; empty where none was named."),
  action: choice({ start: "A start.", stop: "A stop.", restart: "A restart." }).describe(
    "What was asked for.",
  ),
  sentAt: z.number().describe("When it was sent, milliseconds since the epoch."),
  accepted: z.boolean().describe("Whether the cloud has accepted it for certain."),
  operationId: z.string().describe("The cloud's operation; empty where it is not known."),
  requestId: z.string().describe("RequestId of the answer; empty where there was none."),
  startTimes: z.array(z.string()).describe("When the instances had been started before."),
  operationsBefore: z
    .array(z.string())
    .optional()
    .describe("Operations that the cluster had before, where they can be listed."),
  hasConfigs: z.boolean().describe("Whether configuration came with it."),
  // Short values could be guessed from it.
  event: part({ secret: "untold" }, z.string().describe("Fingerprint of the triggers that it is for.")),
});

export type PendingAction = z.output<typeof pendingAction>;

export const applicationStateOutputs = z.object({
  region: output({ stable: true }, z.string().describe("Region of the cluster.")),
  runState: z
    .string()
    .describe(
      "`running`, `stopped`, `partial` (some of each), `failed` or `none` (no instances); without sight of the instances what the last action made them, or `unknown` where that failed or could not be followed.",
    ),
  instances: z
    .array(instance)
    .describe("The instances that are meant; empty where the account cannot list them."),
  applicationState: z.string().describe("State of the application, such as `INSTALLED`."),
  observationSource: choice({
    componentInstances: "The instances of the components were listed.",
    operations: "Only the outcome of the resource's own operations is known.",
  }).describe(
    "Where `runState` comes from: `componentInstances` were listed, or only the outcome of our own `operations` is known.",
  ),
  driftVisible: z
    .boolean()
    .describe("Whether a refresh can see what somebody else has done to the components."),
  configsApplied: z
    .boolean()
    .describe("Whether `applicationConfigs` came with the last start or restart, and still show."),
  observedConfigs: output(
    { secret: true },
    z
      .record(z.string(), z.string())
      .describe(
        "What the cluster shows for the items of `applicationConfigs`, by `file/key`, where it can be asked.",
      ),
  ),
  lastOperationId: z.string().describe("The latest operation; empty if there was none."),
  lastRequestId: z
    .string()
    .describe("RequestId of the latest call that changed something; empty if there was none."),
  lastActionAt: z
    .number()
    .describe(
      "When the latest action was sent whose outcome is known, milliseconds since the epoch; 0 if there was none.",
    ),
  pendingAction: output(
    { secret: "sealed" },
    pendingAction
      .optional()
      .describe(
        "An action whose outcome was not known when the operation ended; the next `up` finds it out.",
      ),
  ),
});

export type ApplicationState = ApplicationStateInputs & z.output<typeof applicationStateOutputs>;

export const applicationStateRules: readonly Rule<ApplicationStateInputs>[] = [
  {
    property: "releaseName",
    reads: ["releaseName", "components"],
    problem: ({ releaseName, components }) =>
      releaseName !== undefined && components?.length !== 1
        ? "needs exactly one component in components: the name is that of one component's instance"
        : undefined,
  },
  {
    property: "components",
    reads: ["components"],
    problem: ({ components = [] }) =>
      new Set(components.map((name) => name.toLowerCase())).size < components.length
        ? "names a component twice"
        : undefined,
  },
  {
    property: "applicationConfigs",
    reads: ["applicationConfigs"],
    problem: ({ applicationConfigs = [] }) => repeatedItems(applicationConfigs),
  },
  {
    property: "actionParams",
    reads: ["actionParams"],
    problem: ({ actionParams = {} }) =>
      ownParams
        .filter((name) => name in actionParams)
        .map((name) => ({
          property: `actionParams.${name}`,
          reason: `has an input of its own: use ${name}`,
        })),
  },
  {
    property: "timeouts",
    reads: ["timeouts"],
    problem: ({ timeouts: limits }) => timeoutProblems(limits),
  },
];

function repeatedItems(items: readonly { file: string; key: string }[]): CheckFailure[] {
  const seen = new Set<string>();
  return items.flatMap(({ file, key }, index) => {
    const name = JSON.stringify([file, key]);
    const isRepeated = seen.has(name);
    seen.add(name);
    return isRepeated
      ? [{ property: `applicationConfigs[${index}]`, reason: `sets ${key} of ${file} a second time` }]
      : [];
  });
}

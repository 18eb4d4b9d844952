// Generated from the schemas in provider/ by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Inputs of {@link EmrApplicationState}. */
export interface EmrApplicationStateArgs {
  /** Region. Default: the configured one. Changing it replaces the resource. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the virtual cluster. Changing it replaces the resource. API: `ClusterId`. */
  clusterId: pulumi.Input<string>;
  /** Name of the application, such as `Ray`, in any case. Changing it replaces the resource. API: `ApplicationName`. */
  application: pulumi.Input<string>;
  /** Components of the application, such as `RayCluster`. Default: all, where the account can list them. API: `ComponentNames`. */
  components?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Which instance of the component is meant; required where it has several, such as the clusters of `RayCluster`. Needs exactly one in `components`. Changing it replaces the resource. API: `ActionParams` `releaseName`. */
  releaseName?: pulumi.Input<string> | undefined;
  /** What the components shall be. API: `ActionName` `start` and `stop`. */
  state: pulumi.Input<"running" | "stopped">;
  /** Any values, such as a checksum of an image: a change restarts the components. API: `ActionName` `restart`. */
  restartTriggers?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** Configuration that comes with a start or a restart, and is secret as a whole. A change restarts components that run. An item that is taken out stays in the cluster as it is. API: `ActionParams` `applicationConfigs`. */
  applicationConfigs?: pulumi.Input<pulumi.Input<EmrApplicationStateApplicationConfigArgs>[]> | undefined;
  /** Further parameters of the action, by key. API: `ActionParams`. */
  actionParams?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** Names of the actions, for editions of the API that call them otherwise. API: `ActionName`. */
  actionNames?: pulumi.Input<EmrApplicationStateActionNamesArgs> | undefined;
  /** What deleting the resource does to the components: `leave` them as they are, or bring them to `running` or `stopped`. Default `leave`. */
  onDelete?: pulumi.Input<"leave" | "running" | "stopped"> | undefined;
  /** How long each operation may take. */
  timeouts?: pulumi.Input<EmrApplicationStateTimeoutsArgs> | undefined;
}

export interface EmrApplicationStateApplicationConfigArgs {
  /** Configuration file, such as `ray-values.yaml`. API: `configFileName`. */
  file: pulumi.Input<string>;
  /** Item in the file. API: `configItemKey`. */
  key: pulumi.Input<string>;
  /** Value of the item. API: `configItemValue`. */
  value: pulumi.Input<string>;
}

export interface EmrApplicationStateActionNamesArgs {
  /** Default `start`. */
  start?: pulumi.Input<string> | undefined;
  /** Default `stop`, which the API's page does not show. */
  stop?: pulumi.Input<string> | undefined;
  /** Default `restart`. */
  restart?: pulumi.Input<string> | undefined;
}

export interface EmrApplicationStateTimeoutsArgs {
  /** Limit for creating, such as `45m`. Default `30m`. */
  create?: pulumi.Input<string> | undefined;
  /** Limit for updating. Default `30m`. */
  update?: pulumi.Input<string> | undefined;
  /** Limit for deleting. Default `30m`. */
  delete?: pulumi.Input<string> | undefined;
}

/** Outputs of {@link EmrApplicationState}. */
export interface EmrApplicationStateOutputs {
  /** Region of the cluster. */
  readonly region: pulumi.Output<string>;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  readonly profile: pulumi.Output<string | undefined>;
  /** Id of the virtual cluster. Changing it replaces the resource. API: `ClusterId`. */
  readonly clusterId: pulumi.Output<string>;
  /** Name of the application, such as `Ray`, in any case. Changing it replaces the resource. API: `ApplicationName`. */
  readonly application: pulumi.Output<string>;
  /** Components of the application, such as `RayCluster`. Default: all, where the account can list them. API: `ComponentNames`. */
  readonly components: pulumi.Output<string[] | undefined>;
  /** Which instance of the component is meant; required where it has several, such as the clusters of `RayCluster`. Needs exactly one in `components`. Changing it replaces the resource. API: `ActionParams` `releaseName`. */
  readonly releaseName: pulumi.Output<string | undefined>;
  /** What the components shall be. API: `ActionName` `start` and `stop`. */
  readonly state: pulumi.Output<"running" | "stopped">;
  /** Any values, such as a checksum of an image: a change restarts the components. API: `ActionName` `restart`. */
  readonly restartTriggers: pulumi.Output<Record<string, string> | undefined>;
  /** Configuration that comes with a start or a restart, and is secret as a whole. A change restarts components that run. An item that is taken out stays in the cluster as it is. API: `ActionParams` `applicationConfigs`. */
  readonly applicationConfigs: pulumi.Output<EmrApplicationStateApplicationConfig[] | undefined>;
  /** Further parameters of the action, by key. API: `ActionParams`. */
  readonly actionParams: pulumi.Output<Record<string, string> | undefined>;
  /** Names of the actions, for editions of the API that call them otherwise. API: `ActionName`. */
  readonly actionNames: pulumi.Output<EmrApplicationStateActionNames | undefined>;
  /** What deleting the resource does to the components: `leave` them as they are, or bring them to `running` or `stopped`. Default `leave`. */
  readonly onDelete: pulumi.Output<"leave" | "running" | "stopped">;
  /** How long each operation may take. */
  readonly timeouts: pulumi.Output<EmrApplicationStateTimeouts | undefined>;
  /** `running`, `stopped`, `partial` (some of each), `failed` or `none` (no instances); without sight of the instances what the last action made them. */
  readonly runState: pulumi.Output<string>;
  /** The instances that are meant; empty where the account cannot list them. */
  readonly instances: pulumi.Output<EmrApplicationStateInstance[]>;
  /** State of the application, such as `INSTALLED`. */
  readonly applicationState: pulumi.Output<string>;
  /** Where `runState` comes from: `componentInstances` were listed, or only the outcome of our own `operations` is known. */
  readonly observationSource: pulumi.Output<"componentInstances" | "operations">;
  /** Whether a refresh can see what somebody else has done to the components. */
  readonly driftVisible: pulumi.Output<boolean>;
  /** Whether `applicationConfigs` came with the last start or restart, and still show. */
  readonly configsApplied: pulumi.Output<boolean>;
  /** What the cluster shows for the items of `applicationConfigs`, by `file/key`, where it can be asked. */
  readonly observedConfigs: pulumi.Output<Record<string, string>>;
  /** The latest operation; empty if there was none. */
  readonly lastOperationId: pulumi.Output<string>;
  /** RequestId of the latest call that changed something; empty if there was none. */
  readonly lastRequestId: pulumi.Output<string>;
  /** When the latest action was sent whose outcome is known, milliseconds since the epoch; 0 if there was none. */
  readonly lastActionAt: pulumi.Output<number>;
  /** An action whose outcome was not known when the operation ended; the next `up` finds it out. */
  readonly pendingAction: pulumi.Output<EmrApplicationStatePendingAction | undefined>;
  /** Names of the inputs that the program leaves open, and whose values were found. */
  readonly inputsFound: pulumi.Output<string[]>;
}

export interface EmrApplicationStateApplicationConfig {
  /** Configuration file, such as `ray-values.yaml`. API: `configFileName`. */
  readonly file: string;
  /** Item in the file. API: `configItemKey`. */
  readonly key: string;
  /** Value of the item. API: `configItemValue`. */
  readonly value: string;
}

export interface EmrApplicationStateActionNames {
  /** Default `start`. */
  readonly start?: string | undefined;
  /** Default `stop`, which the API's page does not show. */
  readonly stop?: string | undefined;
  /** Default `restart`. */
  readonly restart?: string | undefined;
}

export interface EmrApplicationStateTimeouts {
  /** Limit for creating, such as `45m`. Default `30m`. */
  readonly create?: string | undefined;
  /** Limit for updating. Default `30m`. */
  readonly update?: string | undefined;
  /** Limit for deleting. Default `30m`. */
  readonly delete?: string | undefined;
}

export interface EmrApplicationStateInstance {
  /** Name of the component. */
  readonly component: string;
  /** Name of the instance, where the component can have several. */
  readonly name: string;
  /** Kubernetes namespace, where the API tells it. */
  readonly namespace: string;
  /** State in the cloud's words, such as `STARTED`. */
  readonly state: string;
  /** When it was started, as the cloud writes it; empty where it does not. */
  readonly startTime: string;
}

export interface EmrApplicationStatePendingAction {
  /** Name that the provider has given it. */
  readonly id: string;
  /** Component that it is for. */
  readonly component: string;
  /** Instance that it is for; empty where none was named. */
  readonly releaseName: string;
  /** What was asked for. */
  readonly action: "start" | "stop" | "restart";
  /** When it was sent, milliseconds since the epoch. */
  readonly sentAt: number;
  /** Whether the cloud has accepted it for certain. */
  readonly accepted: boolean;
  /** The cloud's operation; empty where it is not known. */
  readonly operationId: string;
  /** RequestId of the answer; empty where there was none. */
  readonly requestId: string;
  /** When the instances had been started before. */
  readonly startTimes: string[];
  /** Operations that the cluster had before, where they can be listed. */
  readonly operationsBefore?: string[] | undefined;
  /** Whether configuration came with it. */
  readonly hasConfigs: boolean;
  /** Fingerprint of the triggers that it is for. */
  readonly event: string;
}

/** Every property of {@link EmrApplicationState} that the engine sets. */
export const emrApplicationStateOutputs: readonly (keyof EmrApplicationStateOutputs)[] = [
  "region",
  "profile",
  "clusterId",
  "application",
  "components",
  "releaseName",
  "state",
  "restartTriggers",
  "applicationConfigs",
  "actionParams",
  "actionNames",
  "onDelete",
  "timeouts",
  "runState",
  "instances",
  "applicationState",
  "observationSource",
  "driftVisible",
  "configsApplied",
  "observedConfigs",
  "lastOperationId",
  "lastRequestId",
  "lastActionAt",
  "pendingAction",
  "inputsFound"
];

/** Arguments of {@link getVkeApplications}. */
export interface GetVkeApplicationsArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Id of the virtual cluster. API: `ClusterId`. */
  clusterId: string;
}

/** Arguments of {@link getVkeApplicationsOutput}. */
export interface GetVkeApplicationsOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the virtual cluster. API: `ClusterId`. */
  clusterId: pulumi.Input<string>;
}

/** What {@link getVkeApplications} answers. */
export interface GetVkeApplicationsResult {
  /** The applications, in the order of their names. API: `Items`. */
  readonly applications: GetVkeApplicationsApplication[];
  /** State of the cluster in the cloud's words, such as `RUNNING`. API: `ClusterState`. */
  readonly clusterState: string;
  /** Region of the cluster. */
  readonly region: string;
}

export interface GetVkeApplicationsApplication {
  /** Name of the application, as the cloud spells it. API: `ApplicationName`. */
  readonly name: string;
  /** Its version; empty where it is not told. API: `ApplicationVersion`. */
  readonly version: string;
  /** State in the cloud's words, such as `INSTALLED`. API: `ApplicationState`. */
  readonly state: string;
  /** When it was installed, as the cloud counts it since the epoch: milliseconds, by what is known; absent where it is not told. API: `CreateTime`. */
  readonly createTime?: number | undefined;
  /** When it was last changed, likewise. API: `UpdateTime`. */
  readonly updateTime?: number | undefined;
}

/** Arguments of {@link getVkeComponents}. */
export interface GetVkeComponentsArgs {
  /** Region that is asked. Default: the configured one. */
  region?: string | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: string | undefined;
  /** Id of the virtual cluster. API: `ClusterId`. */
  clusterId: string;
  /** Name of the application, such as `Ray`, in any case. API: `ApplicationName`. */
  application: string;
}

/** Arguments of {@link getVkeComponentsOutput}. */
export interface GetVkeComponentsOutputArgs {
  /** Region that is asked. Default: the configured one. */
  region?: pulumi.Input<string> | undefined;
  /** Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile. */
  profile?: pulumi.Input<string> | undefined;
  /** Id of the virtual cluster. API: `ClusterId`. */
  clusterId: pulumi.Input<string>;
  /** Name of the application, such as `Ray`, in any case. API: `ApplicationName`. */
  application: pulumi.Input<string>;
}

/** What {@link getVkeComponents} answers. */
export interface GetVkeComponentsResult {
  /** Name of the application, as the cloud spells it. API: `ApplicationName`. */
  readonly application: string;
  /** State of the application, such as `INSTALLED`; empty where it cannot be seen. API: `ApplicationState`. */
  readonly applicationState: string;
  /** Components that have instances, by name. API: `ComponentName`. */
  readonly components: string[];
  /** The instances, in the order of component, name and namespace; empty where the account cannot list them. */
  readonly instances: GetVkeComponentsInstance[];
  /** Whether the account can list the instances, and so see what somebody else does to them. */
  readonly driftVisible: boolean;
  /** Why it cannot; empty where it can. */
  readonly reason: string;
  /** State of the cluster in the cloud's words, such as `RUNNING`. API: `ClusterState`. */
  readonly clusterState: string;
  /** Region of the cluster. */
  readonly region: string;
}

export interface GetVkeComponentsInstance {
  /** Name of the component. */
  readonly component: string;
  /** Name of the instance, where the component can have several. */
  readonly name: string;
  /** Kubernetes namespace, where the API tells it. */
  readonly namespace: string;
  /** State in the cloud's words, such as `STARTED`. */
  readonly state: string;
  /** When it was started, as the cloud writes it; empty where it does not. */
  readonly startTime: string;
}

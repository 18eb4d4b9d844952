// The gRPC server that a program and a provider talk to: ResourceMonitor and Engine, on the stubs that the SDK
// ships. The test engine's stand-in for the CLI; it answers yes only to features that it has.
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as enginepb from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Cancelled, type Deployment } from "./deployment";
import { invokeFunction } from "./invoke";
import { readResource, registerResource } from "./register";
import { goalOf, readGoalOf, Unsupported } from "./requests";
import { fromStruct, toStruct } from "./rpc";
import type { Severity } from "./types";
import { makeUrn } from "./urn";
import { isUnknown, unwrapSecrets } from "./values";

const features: Record<string, pb.ResourceMonitorFeature> = {
  secrets: pb.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS,
  aliasSpecs: pb.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  deletedWith: pb.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
};
const severities: Severity[] = ["debug", "info", "warning", "error"];

type Call<Request> = grpc.ServerUnaryCall<Request, unknown>;
type Done<Response> = grpc.sendUnaryData<Response>;

export interface MonitorOptions {
  /** Off: GetDeploymentInfo is UNIMPLEMENTED, as in engines before 3.260, and SDKs ask feature by feature. */
  deploymentInfo: boolean;
  /** The program has registered all it has; the answer is held back until this resolves. */
  onProgramDone: () => Promise<void>;
}

export class Monitor {
  private rootUrn = "";

  private constructor(
    private readonly server: grpc.Server,
    readonly address: string,
  ) {}

  static async start(deployment: Deployment, options: MonitorOptions): Promise<Monitor> {
    const server = new grpc.Server({
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const monitor = new Monitor(server, `127.0.0.1:${port}`);
    server.addService(ResourceMonitorService as never, monitor.monitorHandlers(deployment, options) as never);
    server.addService(EngineService as never, monitor.engineHandlers(deployment) as never);
    return monitor;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  // Methods that are absent here are answered UNIMPLEMENTED by gRPC.
  private monitorHandlers(deployment: Deployment, options: MonitorOptions) {
    const { project, stack } = deployment.options;
    const urnOf = (request: { getType(): string; getName(): string; getParent(): string }) =>
      makeUrn({
        project,
        stack,
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent(),
      });
    return {
      supportsFeature: unary(async (request: pb.SupportsFeatureRequest) =>
        new pb.SupportsFeatureResponse().setHassupport(request.getId() in features),
      ),
      ...(options.deploymentInfo && { getDeploymentInfo: unary(async () => deploymentInfo(deployment)) }),
      registerResource: unary(async (request: pb.RegisterResourceRequest) => {
        const goal = goalOf(request, urnOf(request), { project, stack });
        const registration = registerResource(deployment, goal);
        registration.catch(() => {});
        const state = await Promise.race([registration, deployment.cancelled]);
        const response = new pb.RegisterResourceResponse().setUrn(state.urn);
        // An id that a preview does not know travels as none; the SDK makes it unknown again.
        response.setId(isUnknown(state.id) ? "" : (state.id ?? ""));
        const outputs = state.custom ? (state.outputs ?? {}) : {};
        return response.setObject(toStruct(request.getAcceptsecrets() ? outputs : unwrapSecrets(outputs)));
      }),
      readResource: unary(async (request: pb.ReadResourceRequest) => {
        const state = await readResource(deployment, readGoalOf(request, urnOf(request)));
        const outputs = state.outputs ?? {};
        return new pb.ReadResourceResponse()
          .setUrn(state.urn)
          .setProperties(toStruct(request.getAcceptsecrets() ? outputs : unwrapSecrets(outputs)));
      }),
      invoke: unary((request: pb.ResourceInvokeRequest) =>
        Promise.race([invokeFunction(deployment, request), deployment.cancelled]),
      ),
      registerResourceOutputs: unary(async (request: pb.RegisterResourceOutputsRequest) => {
        registerOutputs(deployment, request);
        return new Empty();
      }),
      signalAndWaitForShutdown: unary(async () => {
        await options.onProgramDone();
        return new Empty();
      }),
    };
  }

  private engineHandlers(deployment: Deployment) {
    return {
      log: unary(async (request: enginepb.LogRequest) => {
        deployment.log({
          severity: severities[request.getSeverity()] ?? "info",
          message: request.getMessage(),
          ...(request.getUrn() !== "" && { urn: request.getUrn() }),
          ...(request.getStreamid() !== 0 && { streamId: request.getStreamid() }),
          ...(request.getEphemeral() && { ephemeral: true }),
        });
        return new Empty();
      }),
      setRootResource: unary(async (request: enginepb.SetRootResourceRequest) => {
        this.rootUrn = request.getUrn();
        return new enginepb.SetRootResourceResponse();
      }),
      getRootResource: unary(async () => new enginepb.GetRootResourceResponse().setUrn(this.rootUrn)),
    };
  }
}

function deploymentInfo(deployment: Deployment): pb.DeploymentInfo {
  const { project, stack, organization, config, parallel } = deployment.options;
  const info = new pb.DeploymentInfo().setProject(project).setStack(stack).setOrganization(organization);
  for (const [key, { value }] of Object.entries(config)) info.getConfigMap().set(key, value);
  info.setConfigsecretkeysList(Object.keys(config).filter((key) => config[key]?.secret));
  info.setDryrun(deployment.preview).setParallel(parallel);
  return info.setSupportedfeaturesList(Object.values(features));
}

function registerOutputs(deployment: Deployment, request: pb.RegisterResourceOutputsRequest): void {
  const outputs = fromStruct(request.getOutputs());
  if (request.getUrn() === deployment.stackUrn) {
    deployment.stackOutputs = outputs;
    return;
  }
  const state = deployment.snapshot.findDone(request.getUrn());
  if (!state) throw new Error(`outputs were registered for ${request.getUrn()}, which was not registered`);
  state.outputs = outputs;
  deployment.snapshot.write();
}

function unary<Request, Response>(handle: (request: Request) => Promise<Response>) {
  return (call: Call<Request>, done: Done<Response>) => {
    handle(call.request).then(
      (response) => done(null, response),
      (error: Error) => done({ code: codeOf(error), details: error.message }),
    );
  };
}

function codeOf(error: Error): grpc.status {
  if (error instanceof Cancelled) return grpc.status.UNAVAILABLE;
  return error instanceof Unsupported ? grpc.status.UNIMPLEMENTED : grpc.status.UNKNOWN;
}

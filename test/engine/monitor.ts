// The gRPC server that a program and a provider talk to: ResourceMonitor and Engine, on the stubs that the SDK ships. What
// is absent here is answered UNIMPLEMENTED by gRPC.
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as enginepb from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Cancelled, type Deployment } from "./deployment";
import { fromStruct, toStruct } from "./provider";
import { type Properties, unknown } from "./values";

const severities = ["debug", "info", "warning", "error"] as const;
const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

export interface Monitor {
  address: string;
  /** What the program exports. */
  outputs: Properties;
  stop(): void;
}

export async function startMonitor(deployment: Deployment): Promise<Monitor> {
  const server = new grpc.Server(unlimited);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const monitor: Monitor = {
    address: `127.0.0.1:${port}`,
    outputs: {},
    stop: () => server.forceShutdown(),
  };
  server.addService(EngineService as never, engineHandlers(deployment) as never);
  server.addService(ResourceMonitorService as never, monitorHandlers(deployment, monitor) as never);
  return monitor;
}

function engineHandlers(deployment: Deployment) {
  let rootUrn = "";
  return {
    log: unary(async (request: enginepb.LogRequest) => {
      deployment.log({
        severity: severities[request.getSeverity()] ?? "info",
        message: request.getMessage(),
        ...(request.getUrn() !== "" && { urn: request.getUrn() }),
        ...(request.getEphemeral() && { ephemeral: true }),
      });
      return new Empty();
    }),
    setRootResource: unary(async (request: enginepb.SetRootResourceRequest) => {
      rootUrn = request.getUrn();
      return new enginepb.SetRootResourceResponse();
    }),
    getRootResource: unary(async () => new enginepb.GetRootResourceResponse().setUrn(rootUrn)),
  };
}

function monitorHandlers(deployment: Deployment, monitor: Monitor) {
  return {
    supportsFeature: unary(async (request: pb.SupportsFeatureRequest) =>
      new pb.SupportsFeatureResponse().setHassupport(request.getId() === "secrets"),
    ),
    registerResource: unary(async (request: pb.RegisterResourceRequest) => {
      const { urn, id = "", custom, outputs = {} } = await deployment.register(goalOf(deployment, request));
      // An id that a preview does not know travels as none; the SDK makes it unknown again.
      const response = new pb.RegisterResourceResponse().setUrn(urn).setId(id === unknown ? "" : id);
      return response.setObject(toStruct(custom ? outputs : {}));
    }),
    registerResourceOutputs: unary(async (request: pb.RegisterResourceOutputsRequest) => {
      if (request.getUrn() === deployment.stackUrn) monitor.outputs = fromStruct(request.getOutputs());
      return new Empty();
    }),
    signalAndWaitForShutdown: unary(async () => new Empty()),
  };
}

function goalOf(deployment: Deployment, request: pb.RegisterResourceRequest) {
  const [type, parent] = [request.getType(), request.getParent()];
  if (request.getRemote() || request.getImportid() || request.getProvider() || request.getProtect())
    throw new Error("the test engine has no remote components, imports, explicit providers and protection");
  return {
    urn: deployment.urnOf(type, request.getName(), parent),
    type,
    custom: request.getCustom(),
    inputs: fromStruct(request.getObject()),
    parent,
    dependencies: request.getDependenciesList(),
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
  };
}

function unary<Request, Response>(handle: (request: Request) => Promise<Response>) {
  return ({ request }: grpc.ServerUnaryCall<Request, unknown>, done: grpc.sendUnaryData<Response>) => {
    handle(request).then(
      (response) => done(null, response),
      (error: Error) => {
        const code = error instanceof Cancelled ? grpc.status.UNAVAILABLE : grpc.status.UNKNOWN;
        done({ code, details: error.message });
      },
    );
  };
}

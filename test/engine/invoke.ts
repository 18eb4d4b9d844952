// Functions of providers, called from programs.
import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import * as pb from "@pulumi/pulumi/proto/resource_pb";
import { defaultProvider } from "./defaultProviders";
import { Cancelled, type Deployment } from "./deployment";
import { fromStruct, toStruct } from "./rpc";

export async function invokeFunction(
  deployment: Deployment,
  request: pb.ResourceInvokeRequest,
): Promise<pb.ResourceInvokeResponse> {
  const token = request.getTok();
  const provider = await providerFor(deployment, request);
  const { returned, failures } = await deployment
    .onWorker(() => provider.invoke(token, fromStruct(request.getArgs()), deployment.preview))
    .catch((error: Error) => {
      throw new Error(`invocation of ${token} returned an error: ${error.message}`);
    });
  return new pb.ResourceInvokeResponse()
    .setReturn(toStruct(returned))
    .setFailuresList(
      failures.map(({ property, reason }) => new CheckFailure().setProperty(property).setReason(reason)),
    );
}

async function providerFor(deployment: Deployment, request: pb.ResourceInvokeRequest) {
  try {
    const reference =
      request.getProvider() ||
      (await defaultProvider(deployment, request.getTok(), request.getVersion() || undefined));
    return await deployment.providerByReference(reference);
  } catch (error) {
    if (error instanceof Cancelled) deployment.fail(error);
    throw error;
  }
}
